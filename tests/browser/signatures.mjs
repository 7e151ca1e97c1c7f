// From the draft to the signature: a text that nobody has typed in follows the log; one that somebody has changed says what the
// log knows more by now, takes it in by one key, and is signed otherwise only by who says that he has seen it. The duty officer
// hands his text over; the leader has it before him, changes it, sends it back with a word, and signs it, at the desk and on the
// units' page.
import { Person, Server, check, openBrowser, pictureFailures, pictures, until } from './desk.mjs'

const secret = 'long enough secret'
const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)
const machine = await server.client()

const { incident: number } = await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title: '歌乐山林火' })
const report = (facts) => machine.post(`/incidents/${number}/facts`, { source: '值班员', facts })
await report({ 火情性质: '森林火灾', 发生地: '本区', 过火面积: '0.6 ha' })
await machine.post('/accounts', { name: 'zhao', display_name: '赵某', password: secret, parties: ['指挥长'] })
const formOf = async (name) => (await machine.get(`/incidents/${number}/documents`)).documents.find(({ form }) => form === name)

async function openForm(person, name) {
  const row = person.page.locator(`[data-testid=document][data-form="${name}"]`)
  await row.waitFor()
  if ((await row.getByTestId('document-open').getAttribute('aria-expanded')) !== 'true') await row.getByTestId('document-open').click()
  return row
}

const officer = await Person.at(browser, server)
await officer.signIn('admin', server.password)
await officer.find(`incident-${number}`).click()
const written = await openForm(officer, '书面首报')
const body = written.getByTestId('document-body')
await until(async () => (await body.inputValue()).includes('死亡：尚未查明'), 'it is drafted')

// Opened without a call it has no place: the officer says where it is, and the draft follows.
const heading = written.getByTestId('document-title')
check((await heading.inputValue()).includes('地点尚未查明'), 'a place has been made up')
await officer.find('place-edit').click()
await officer.find('place-text').fill('歌乐山三百梯')
await officer.page.keyboard.press('Enter')
await until(async () => (await heading.inputValue()) === '关于歌乐山三百梯森林火灾的报告', 'the title has the place')
check((await officer.find('place').innerText()).includes('歌乐山三百梯'), 'the page shows it')

// Untouched, it follows the log; so does a script that is open, with a mark on what is new.
const script = await openForm(officer, '首报电话稿')
await until(async () => (await script.getByTestId('document-script').innerText()).includes('死亡：尚未查明'), 'the script is there')
await report({ 死亡: 1 })
await until(async () => (await body.inputValue()).includes('死亡：1'), 'an untouched draft follows the log')
await until(async () => (await script.locator('ins').allInnerTexts()).some((line) => line.includes('死亡：1')), 'a script follows the log, and says what is new')
await script.getByTestId('script-read').click()
check((await script.locator('ins').count()) === 0, 'what has been read is not new any more')
await script.getByTestId('document-open').click()

// Changed by hand it stays; what the log knows more stands beside it, and one key takes it in.
await body.focus()
await officer.page.keyboard.press('Control+End')
await officer.page.keyboard.insertText('值班员补充：风向转北。\n')
await report({ 死亡: 2 })
const changes = written.getByTestId('draft-changes')
await changes.waitFor()
check((await changes.locator('s').allInnerTexts()).some((line) => line.includes('死亡：1')), 'the old line is struck out')
check((await changes.locator('ins').allInnerTexts()).some((line) => line.includes('死亡：2')), 'the new one stands behind')
check((await body.inputValue()).includes('死亡：1') && (await formOf('书面首报')).signed.length === 0, 'what was typed is not touched')
await written.getByTestId('decide-who').fill('指挥长本人')
await written.getByTestId('decide-from').fill('65512350')
await written.getByTestId('document-sign').focus()
await officer.page.keyboard.press('Enter')
check((await formOf('书面首报')).signed.length === 0, 'it is not signed unawares')
await changes.scrollIntoViewIfNeeded()
await officer.picture('signatures-1-outrun')
const dead = changes.locator('li').filter({ hasText: '死亡：1 → 死亡：2' })
await dead.getByTestId('change-take').focus()
await officer.page.keyboard.press('Enter')
await until(async () => /^死亡：2$/m.test(await body.inputValue()) && !/^死亡：1$/m.test(await body.inputValue()), 'the new line is taken in')
check((await body.inputValue()).includes('风向转北'), 'what was typed stays')
await changes.getByTestId('change-take').click() // the course of events
await until(async () => (await changes.count()) === 0, 'nothing is left to be taken in')

// Handed over: it waits for those who sign it.
await written.getByTestId('document-hand-over').click()
const handed = await until(async () => (await formOf('书面首报')).submitted, 'it is handed over')
check(handed.status === 'waiting' && handed.body.includes('风向转北') && handed.basis !== null, 'with what it was made from')
await written.getByTestId('submitted').waitFor()
await until(async () => (await officer.find('signatures').getAttribute('data-own')) === '0', 'it is not the officer’s to sign')

// The leader, whose draft would have been the log's own: he has the officer's text before him.
const leader = await Person.at(browser, server)
await leader.signIn('zhao', secret)
await until(async () => (await leader.find('signatures').getAttribute('data-own')) === '1', 'it stands in his list')
await leader.picture('signatures-2-leader')
await leader.find(`signature-${handed.submission}`).click()
const his = leader.page.locator('[data-testid=document][data-form="书面首报"]')
await until(async () => (await his.getByTestId('document-body').inputValue()).includes('风向转北'), 'he sees what the officer has written')
check((await his.getByTestId('document-hand-over').count()) === 0, 'he hands over to nobody')
await his.getByTestId('return-reason').fill('过火面积再核')
await his.getByTestId('return-send').click()
await until(async () => (await formOf('书面首报')).submitted?.status === 'returned', 'it is sent back')

// The officer reads why, goes on from his own text, and hands over again.
await until(async () => (await written.getByTestId('submitted').innerText()).includes('过火面积再核'), 'he reads the word')
check((await body.inputValue()).includes('风向转北'), 'his text is there')
await officer.picture('signatures-3-returned')
await body.focus()
await officer.page.keyboard.press('Control+End')
await officer.page.keyboard.insertText('过火面积经无人机核实。\n')
await written.getByTestId('document-hand-over').click()
const again = await until(async () => {
  const { submitted } = await formOf('书面首报')
  return submitted?.status === 'waiting' && submitted
}, 'it is handed over again')

// The log goes on; the leader signs on the units' page, once he has seen what has changed.
await report({ 重伤: 3 })
await leader.page.goto(`${server.url}unit`)
const card = leader.find(`unit-signature-${again.submission}`)
await card.waitFor()
await until(async () => (await card.getByTestId('draft-changes').innerText()).includes('重伤：3'), 'he is told what the log knows more')
check(await card.getByTestId('unit-sign').isDisabled(), 'without having seen it he does not sign')
await card.getByTestId('unit-signature-read').click()
await leader.picture('signatures-4-unit')
await card.getByTestId('changes-seen').check()
await card.getByTestId('unit-sign').click()
await until(async () => (await formOf('书面首报')).signed.length === 1, 'he has signed')
const { signed, submitted } = await formOf('书面首报')
check(submitted === null && signed[0].signer === '赵某', 'it waits no longer')
await until(async () => (await leader.find(`unit-signature-${again.submission}`).count()) === 0, 'his list is empty')
await until(async () => (await officer.find('signatures').count()) === 0, 'and so is the desk’s')
const happened = await officer.find('timeline').innerText()
check(happened.includes('书面首报 送签（') && happened.includes('书面首报 送签稿退回（赵某）'), 'the timeline tells it')

// At the desk: who signs changes the text first; what he typed goes out.
const further = await openForm(officer, '书面续报')
await until(async () => (await further.getByTestId('document-body').inputValue()).includes('重伤：3'), 'the next one is drafted')
await further.getByTestId('document-hand-over').click()
await until(async () => (await formOf('书面续报')).submitted, 'untouched it can be handed over too')
await leader.page.goto(server.url)
await leader.find('signatures').getByRole('button').first().click()
const next = leader.page.locator('[data-testid=document][data-form="书面续报"]')
await next.getByTestId('document-body').waitFor()
await next.getByTestId('document-body').focus()
await leader.page.keyboard.press('Control+End')
await leader.page.keyboard.insertText('指挥长补充。\n')
await next.getByTestId('document-sign').click()
await until(async () => (await formOf('书面续报')).signed.length === 1, 'he has signed what he changed')
check((await formOf('书面续报')).submitted === null, 'and it waits no longer')

await officer.leave()
await leader.leave()
await browser.close()
await server.stop()
console.log(`pictures: ${pictures}`)
