// Two shifts at one computer: a shift ends and nobody takes over, which every page says in red and by a sound; the outgoing
// officer writes his notes, the incoming one signs in over the page, which stays where it is, and accepts. What the first
// had typed and not sent is his again when he comes back.
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { Person, Server, check, openBrowser, pictureFailures, pictures, until, writtenTime } from './desk.mjs'

const secret = 'long enough secret'
const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)

const machine = await server.client()
for (const [name, called] of [['wang', '王值班'], ['li', '李值班']]) {
  await machine.post('/accounts', { name, display_name: called, password: secret, desk: true })
}
const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString()
const early = { from: at(-600), until: at(120), leader: { name: '陈局长', phone: '65900001' }, main: { name: '王值班', phone: '13800000001', account: 'wang' }, second: { name: '孙副班' } }
await machine.post('/shifts', early)

// The next shift is set on the page.
const officer = await Person.at(browser, server)
await officer.signIn('wang', secret)
check((await officer.find('on-duty').innerText()).includes('13800000001'), 'the bar says who is on duty, with the number')
await officer.find('nav-shifts').click()
await officer.find('shift-from').fill(writtenTime(121))
await officer.find('shift-until').fill(writtenTime(600))
await officer.find('shift-main').fill('李值班')
await officer.find('shift-main-phone').fill('13800000002')
await officer.find('shift-main-account').fill('li')
await officer.find('shift-save').click()
await officer.find('shift-2').waitFor()

// Two people correct one shift: the second one is told, loses nothing of what he has typed, and is taken when he says it again.
await officer.find('shift-2').getByTestId('shift-correct').click()
await officer.find('shift-second').fill('钱副班')
const late = { from: new Date(Date.parse(early.until) + 60_000).toISOString(), until: new Date(Date.now() + 600 * 60_000).toISOString(), main: { name: '李值班', phone: '13800000003', account: 'li' } }
await machine.post('/shifts/2/correction', late)
await officer.find('shift-save').click()
await officer.find('roster').getByText('别人刚刚改过这一项').waitFor()
check((await officer.find('shift-second').inputValue()) === '钱副班', 'what was typed is gone')
await officer.find('shift-2').getByText('13800000003').waitFor()
await officer.picture('shifts-0-changed-by-another')
await officer.find('shift-save').click()
await officer.find('shift-2').getByText('钱副班').waitFor()

// Something is open.
await machine.post('/calls', { text: '山上冒烟', place: '凤凰镇' })
const { incident } = await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title: '凤凰镇山火' })
await machine.post(`/incidents/${incident}/facts`, { facts: { 火情性质: '森林火灾', 发生地: '本区', 火势失控: true, 被困: 1 }, source: '凤凰镇' })
await officer.find('open-incidents').locator(`[data-incident="${incident}"]`).waitFor()

// A call is half typed when the hour has struck.
await officer.page.keyboard.press('Alt+n')
await officer.page.keyboard.type('听不清，好像说水库边')
await officer.find('nav-shifts').click()
await machine.post('/shifts/1/correction', { ...early, until: at(-2) })
await machine.post('/shifts/2/correction', { from: at(-2), until: at(478), main: { name: '李值班', phone: '13800000002', account: 'li' } })
await officer.find('shift-overdue').waitFor()
await officer.find('alarm-ringing').waitFor()
await officer.find('handover-notes').fill('凤凰镇山火还在烧，等街道回话；水库边那个电话没听清')
await machine.post('/shifts/1/notes', { notes: '另一台机器上写的' })
await officer.find('handover-note').click()
await officer.find('handover').getByText('别人刚刚改过这一项').waitFor()
await officer.find('handover-written').getByText('另一台机器上写的').waitFor()
check((await officer.find('handover-notes').inputValue()).startsWith('凤凰镇山火还在烧'), 'the notes that were typed are gone')
await officer.find('handover-note').click()
await officer.find('handover-written').getByText('凤凰镇山火还在烧').waitFor()
check(!(await officer.find('handover-accept').count()), 'the outgoing officer cannot accept for the next')
await officer.picture('shifts-1-overdue')

// Persons change: the page stays where it is, the drafts do not.
await officer.find('handover-notes').fill('还没写完的一句')
await officer.page.keyboard.press('Alt+u')
const dialog = officer.find('person-dialog')
await dialog.getByTestId('sign-in-name').waitFor()
await officer.picture('shifts-2-change')
await dialog.getByTestId('sign-in-name').fill('li')
await dialog.getByTestId('sign-in-password').fill(secret)
await dialog.getByTestId('sign-in-submit').click()
await until(async () => (await officer.find('who').innerText()) === '李值班', 'the bar says who sits here now')
await officer.find('handover').waitFor()
check((await officer.find('handover-notes').inputValue()) === '', 'the draft of the first is before the second')
await officer.page.keyboard.press('Alt+n')
check((await officer.find('call-text').inputValue()) === '', 'the call of the first is before the second')
await officer.find('nav-shifts').click()
const sheet = await officer.page.pdf({ format: 'A4', preferCSSPageSize: true })
writeFileSync(join(pictures, 'handover.pdf'), sheet)
check(sheet.length > 1000, 'the hand-over is printed')
await officer.find('handover-accept').click()
await until(async () => !(await officer.find('shift-line').count()), 'the red line is gone once somebody has accepted')
await until(async () => (await officer.find('on-duty').getAttribute('data-shift')) === '2', 'the bar names the shift that has taken over')
await officer.picture('shifts-3-accepted')
const [handover] = (await machine.get('/shifts')).handovers
// Persons are called by their names; the account is told where one points at it.
const past = officer.page.locator('details', { hasText: '王值班' }).first()
await until(async () => /李值班/.test(await past.locator('summary').innerText()) && !/\bli\b/.test(await past.locator('summary').innerText()), 'who accepted is called by his name')
check((await past.locator('summary [title=li]').count()) === 1, 'the account is not told')
await past.locator('summary').click()
check(/王值班/.test(await past.locator('.written').innerText()) && !/wang/.test(await past.locator('.written').innerText()), 'who wrote the notes is not called by his name')
check(handover.accepted_by === 'li' && handover.incidents.includes(String(incident)) && handover.calls.length === 1, 'the log has what was handed over')

// The first comes back and finds what he had begun.
await officer.changeTo('wang', secret, '王值班')
await officer.page.keyboard.press('Alt+n')
await until(async () => (await officer.find('call-text').inputValue()) === '听不清，好像说水库边', 'the call that he had begun is there')
await officer.leave()

const phone = await Person.at(browser, server, { width: 360, height: 740 })
await phone.signIn('li', secret)
await phone.picture('shifts-4-phone-desk')
await phone.find('nav-shifts').click()
await phone.find('handover').waitFor()
await phone.picture('shifts-5-phone')
const width = await phone.page.evaluate(() => document.documentElement.scrollWidth)
check(width <= 360, `on a phone the page is ${width} wide`)
await phone.leave()
await browser.close()
await server.stop()
console.log(`pictures are in ${pictures}`)
