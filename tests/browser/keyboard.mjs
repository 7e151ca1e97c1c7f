// The desk without a mouse, with a Chinese input method, and for people who do not see it well. One person takes a call and
// brings it to an order by keys alone, in no more strokes than the duty room was promised; words are composed while alarms
// come in, and stay whole; and axe finds nothing serious on any page, wide or narrow, Chinese or English.
import { Person, Server, check, expectNoBarrier, openBrowser, pictureFailures, pictures, until } from './desk.mjs'

const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)
const machine = await server.client()

// ---- keys ------------------------------------------------------------------------------------------------------

// Tab until the keyboard is where it is wanted; how often that was.
async function tabTo(person, selector, key = 'Tab') {
  for (let count = 0; count < 500; count++) {
    if (await person.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return count
    await person.page.keyboard.press(key)
  }
  throw new Error(`the keyboard does not come to ${selector}`)
}

const id = (name) => `[data-testid="${name}"]`

async function takeCall(person) {
  let strokes = 0
  const press = async (key) => {
    strokes += 1
    await person.page.keyboard.press(key)
  }
  await press('Alt+n')
  await person.page.waitForFunction(() => document.activeElement?.matches('[data-testid="call-text"]'))
  await person.page.keyboard.type('山上起火，看得见明火')
  for (const [field, text] of [['call-place', '凤凰镇'], ['call-caller', '刘某'], ['call-phone', '13800001111']]) {
    strokes += await tabTo(person, id(field))
    await person.page.keyboard.type(text)
  }
  await press('Control+Enter')
  await person.find('call-assign').waitFor()
  check(strokes <= 15, `taking a call needs ${strokes} keystrokes beyond its text`)
  return strokes
}

async function bringToOrder(person) {
  await tabTo(person, id('incident-title'))
  await person.page.keyboard.press('Control+a')
  await person.page.keyboard.type('凤凰镇山火')
  await tabTo(person, id('incident-open'))
  await person.page.keyboard.press('Enter')
  await person.page.locator('[data-testid=incident][data-status=open]').waitFor()
  const number = Number(await person.find('incident').getAttribute('data-incident'))
  await tabTo(person, id('step-ask'))
  await person.page.keyboard.press('Enter')
  await person.page.waitForFunction(() => document.activeElement?.closest('[data-testid=fact-form] [data-fact]'))
  for (const choice of ['森林火灾', '本区']) {
    await tabTo(person, `[data-choice="${choice}"]`)
    await person.page.keyboard.press('Space')
  }
  await tabTo(person, '[data-fact="死亡"] input')
  await person.page.keyboard.type('1')
  await tabTo(person, id('fact-source'))
  await person.page.keyboard.type('刘某')
  await person.page.keyboard.press('Control+Enter')
  const { proposal } = await until(async () => (await machine.get(`/incidents/${number}`)).scales.find((scale) => scale.proposal), 'a level is proposed')
  await person.find(`proposal-${proposal}`).waitFor()
  await tabTo(person, `${id(`proposal-${proposal}`)} ${id('decide-who')}`, 'Shift+Tab')
  await person.page.keyboard.type('王主任')
  await tabTo(person, `${id(`proposal-${proposal}`)} ${id('decide-from')}`)
  await person.page.keyboard.type('65912318')
  await tabTo(person, `${id(`proposal-${proposal}`)} ${id('proposal-accept')}`)
  await person.page.keyboard.press('Enter')
  await until(async () => (await machine.get(`/incidents/${number}`)).orders.length === 1, 'the order that was spoken is recorded')
  return number
}

// ---- words that are being composed -----------------------------------------------------------------------------

// A word is half composed in a field when something loud happens; then it is finished.
async function composeThrough(person, field, happen) {
  const ime = await person.context.newCDPSession(person.page)
  await person.find(field).focus()
  await person.page.keyboard.type('在')
  await ime.send('Input.imeSetComposition', { text: 'zao', selectionStart: 3, selectionEnd: 3 })
  await happen()
  await ime.send('Input.imeSetComposition', { text: 'zaojue', selectionStart: 6, selectionEnd: 6 })
  check(await person.page.evaluate((wanted) => document.activeElement?.matches(wanted), id(field)), `the keyboard was taken out of ${field}`)
  check((await person.find(field).inputValue()) === '在zaojue', `the word in ${field} is broken: ${await person.find(field).inputValue()}`)
  // Enter belongs to the input method while it composes.
  await ime.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 })
  await ime.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 })
  await ime.send('Input.insertText', { text: '皂角树' })
  check((await person.find(field).inputValue()) === '在皂角树', `${field} holds ${await person.find(field).inputValue()}`)
}

async function ringAlarm(person, title) {
  const { incident } = await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title })
  await machine.post(`/incidents/${incident}/facts`, { facts: { 火情性质: '森林火灾', 发生地: '本区', 死亡: 3 }, source: '镇里' })
  await person.find('alarm-ringing').waitFor()
  await person.find(`incident-${incident}`).waitFor({ state: 'attached' })
}

// ---- told ------------------------------------------------------------------------------------------------------

const officer = await Person.at(browser, server)
await expectNoBarrier(officer, 'sign-in')
await tabTo(officer, id('sign-in-name'))
await officer.page.keyboard.type('admin')
await tabTo(officer, id('sign-in-password'))
await officer.page.keyboard.type(server.password)
await officer.page.keyboard.press('Enter')
await officer.page.locator('[data-testid=desk][data-ready=yes]').waitFor()
console.log(`a call takes ${await takeCall(officer)} keystrokes beyond its text`)
await expectNoBarrier(officer, 'a call that is being assigned')
const number = await bringToOrder(officer)
await officer.picture('keyboard-1-ordered')
await expectNoBarrier(officer, 'desk')

const calls = (await machine.get('/calls')).calls.length
await officer.page.keyboard.press('Alt+n')
await composeThrough(officer, 'call-text', () => ringAlarm(officer, '歌乐山山火'))
await officer.picture('keyboard-2-alarm')
await expectNoBarrier(officer, 'desk with an alarm and a call half written')
await officer.page.keyboard.press('Escape')
await officer.page.keyboard.press('Alt+q')
await officer.find('fact-source').fill('')
await composeThrough(officer, 'fact-source', () => ringAlarm(officer, '中梁山山火'))
check((await machine.get('/calls')).calls.length === calls, 'Enter of the input method has sent the call')
check((await machine.get(`/incidents/${number}`)).timeline.filter(({ kind }) => kind === 'report').length === 3, 'Enter of the input method has sent facts')

for (const page of ['nav-shifts', 'nav-accounts']) {
  await officer.find(page).click()
  await officer.page.waitForTimeout(300)
  await expectNoBarrier(officer, page)
}
await officer.find('language').click()
await officer.find('nav-desk').click()
await officer.page.locator('[data-testid=desk][data-ready=yes]').waitFor()
await expectNoBarrier(officer, 'desk in English')
await officer.leave()

const narrow = await Person.at(browser, server, { width: 360, height: 740 })
await narrow.signIn('admin', server.password)
for (const tab of ['tab-left', 'tab-middle', 'tab-right']) {
  await narrow.find(tab).click()
  await expectNoBarrier(narrow, `360 px, ${tab}`)
}
await narrow.leave()
await browser.close()
await server.stop()
console.log(`pictures are in ${pictures}`)
