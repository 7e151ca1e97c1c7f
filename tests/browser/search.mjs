// Search on the page: by keys from anywhere, by pinyin, without asking while a word is being composed; what is found stays
// still while one reads it, and leads to the incident, the call, the telephone.
import { Person, Server, check, openBrowser, until } from './desk.mjs'

const server = await new Server().start()
const browser = await openBrowser()
const machine = await server.client()
const { call } = await machine.post('/calls', { text: '山上冒烟', place: '歌乐山林场', caller: '曾某', phone: '023-6822 1234' })
const loose = (await machine.post('/calls', { text: '水位上涨', place: '响水洞' })).call
const { incident } = await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title: '覃家岗火情', call })
const { parties } = await machine.get('/plans/森林火灾')

const officer = await Person.at(browser, server)
await officer.signIn('admin', server.password)
const { page } = officer
const asked = []
page.on('request', (request) => { if (request.url().includes('/search')) asked.push(decodeURIComponent(request.url())) })
const panel = officer.find('search-panel')
const answered = (query) => page.locator(`[data-testid=search-panel][data-query="${query}"]`).waitFor()

// From the middle of a call, by one key; initials; Enter leads there. The call's draft is as it was.
await page.keyboard.press('Alt+n')
await page.keyboard.type('半句话')
await page.keyboard.press('Alt+f')
await page.keyboard.type('tjg')
await answered('tjg')
await officer.picture('search-1-found')
check((await panel.locator('mark').first().innerText()) === '覃家岗', 'what was found is not marked')
await page.keyboard.press('Enter')
await page.locator(`[data-testid=incident][data-incident="${incident}"]`).waitFor()
await until(() => page.evaluate(() => document.activeElement?.dataset.testid === 'incident-name'), 'the keyboard is in the incident')
check((await officer.find('call-text').inputValue()) === '半句话', 'the draft is gone')
check(!(await panel.isVisible()), 'what was found still lies over it')

// Nothing is asked while a word is being composed, and Enter is the input method's.
await page.keyboard.press('Alt+f')
const input = await page.context().newCDPSession(page)
const before = asked.length
await input.send('Input.imeSetComposition', { text: 'mao yan', selectionStart: 7, selectionEnd: 7 })
await page.waitForTimeout(500)
check(asked.length === before, `half a word was asked for: ${asked.slice(before)}`)
await input.send('Input.insertText', { text: '冒烟' })
await answered('冒烟')
check(asked.length === before + 1, `asked ${asked.slice(before)}`)

// A call that has its incident leads to its place there; arrows choose.
const found = panel.locator('[data-kind=call]')
check((await found.count()) === 1, 'the call is not found')
await page.keyboard.press('Enter')
await until(() => page.evaluate((id) => document.activeElement?.dataset.testid === id, `incident-call-${call}`), 'the keyboard is at the call')

// What is found stays as it is when something else happens, and the keyboard stays in the field.
await page.keyboard.press('Alt+f')
await page.keyboard.type('xsd')
await answered('xsd')
const seen = await panel.innerText()
const asking = asked.length
await machine.post('/calls', { text: '又来电话', place: '响水洞' })
await page.waitForTimeout(700)
check((await panel.innerText()) === seen && asked.length === asking, 'what was found has moved')
check(await page.evaluate(() => document.activeElement?.dataset.testid === 'search'), 'the keyboard has been taken away')

// A call without an incident: it is asked to which it belongs.
await page.keyboard.press('Enter')
await officer.find('call-assign').waitFor()
check((await officer.find('call-assign').innerText()).includes(String(loose)), 'another call')

// A party, by part of its telephone: its entry in the telephone book, which knows initials too.
const party = parties.find((one) => one.phones.length && one.kind === 'unit')
const digits = party.phones[0].number.replace(/\D/g, '').slice(-6)
await page.keyboard.press('Alt+f')
await page.keyboard.type(digits)
await answered(digits)
const row = panel.locator('[data-kind=party]', { hasText: party.name }).first()
const last = await panel.locator('[role=option]').count()
for (let i = 0; i < last && (await row.getAttribute('aria-selected')) !== 'true'; i += 1) await page.keyboard.press('ArrowDown')
await page.keyboard.press('Enter')
await page.locator(`[data-testid=book] [data-party="${party.name}"]`).waitFor()
await officer.find('book-search').fill(party.initials.split(' ')[0])
await page.locator(`[data-testid=book] [data-party="${party.name}"]`).waitFor()

// Its number has been corrected: by the old one too the new one is told, and the old one struck out; by its name both.
const dead = party.phones[0].number
await machine.post('/phones', { plan: '森林火灾', party: party.name, published: dead, number: '023-7777 8881' })
for (const query of [digits, '77778881', party.name]) {
  await page.keyboard.press('Alt+f')
  await page.keyboard.type(query)
  await answered(query)
  await until(async () => (await row.locator('.search-phones').innerText()).includes('023-7777 8881'), `${query}: the number that holds is told`)
  check((await row.locator(`.search-phones [data-number="${dead}"] del`).innerText()) === dead, `${query}: the old number is not struck out`)
  check((await row.locator('del.search-parts').count()) === (query === digits ? 1 : 0), `${query}: the line in which it was found looks as if it held`)
}
await officer.picture('search-1c-corrected')

// A person, by initials: the number, the post, the office; Enter leads to the roster. The keyboard reaches the panel itself too.
const hours = (count) => new Date(Date.now() + count * 3_600_000).toISOString()
await machine.post('/shifts', { from: hours(-1), until: hours(8), leader: { name: '秦岭', phone: '023-6811 0001' }, main: { name: '何川' } })
await machine.post('/accounts', { name: 'bao', display_name: '鲍文', password: 'long enough secret', parties: ['区森防指'] })
await page.keyboard.press('Alt+f')
await page.keyboard.type('ql')
await answered('ql')
const person = panel.locator('[data-kind=person]')
check(/秦岭.*023-6811 0001.*带班/s.test(await person.innerText()), await person.innerText())
await officer.picture('search-1a-person')
await page.keyboard.press('Tab')
check(await page.evaluate(() => document.activeElement?.dataset.testid === 'search-panel'), 'the panel is not reached by the keyboard')
for (let i = 0; i < 20 && (await person.getAttribute('aria-selected')) !== 'true'; i += 1) await page.keyboard.press('ArrowDown')
await page.keyboard.press('Enter')
await officer.find('roster').waitFor()
await page.keyboard.press('Alt+f')
await page.keyboard.type('baowen')
await answered('baowen')
check((await panel.locator('[data-kind=person]').innerText()).includes('区森防指'), 'for whom the account acts is not said')
await page.keyboard.press('Tab')
await page.keyboard.press('Escape')
check(await page.evaluate(() => document.activeElement?.dataset.testid === 'search'), 'the keyboard is lost with the panel')
await officer.find('nav-desk').click()

// A signed document by its title: it stands open.
const paper = await machine.get(`/incidents/${incident}/documents/书面首报`)
const { sequence } = await machine.post(`/incidents/${incident}/documents`, { form: '书面首报', title: '秸秆火情报告', body: paper.body, addressees: paper.addressees, by: paper.signers[0], spoken: { who: '柏主任', from: '110' } })
await page.keyboard.press('Alt+f')
await page.keyboard.type('jghqbg')
await answered('jghqbg')
await page.keyboard.press('Enter')
await until(() => page.evaluate((id) => document.activeElement?.dataset.testid === `signed-${id}`, sequence), 'the keyboard is at the document')

// Escape folds it away; nothing found says so.
await page.keyboard.press('Alt+f')
await page.keyboard.type('没有这个东西')
await answered('没有这个东西')
check((await panel.innerText()).includes('没有查到'), 'that nothing was found is not said')
await page.keyboard.press('Escape')
check(!(await panel.isVisible()), 'Escape does not fold it away')
await officer.leave()

const narrow = await Person.at(browser, server, { width: 360, height: 740 })
await narrow.signIn('admin', server.password)
await narrow.find('search').fill('6.2.2.1')
await narrow.page.locator('[data-testid=search-panel][data-query="6.2.2.1"]').waitFor()
await narrow.picture('search-2-narrow')
check(await narrow.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'wider than the screen')
await narrow.leave()
await browser.close()
await server.stop()
