// More calls wait than a page lists: how many is said, in both languages, and the rest is read when somebody asks; the
// hand-over says that all of them are taken over.
import { Person, Server, check, openBrowser, until } from './desk.mjs'

const listed = 300
const server = await new Server().start()
const browser = await openBrowser()
const machine = await server.client()
for (let sent = 0; sent < listed + 5; sent += 61) {
  await Promise.all(Array.from({ length: 61 }, (_, i) => machine.post('/calls', { text: `第 ${sent + i} 个` })))
}

const officer = await Person.at(browser, server)
await officer.signIn('admin', server.password)
const rows = () => officer.find('unassigned').locator('[data-testid^=call-assign-]').count()
check((await officer.find('unassigned').locator('.badge').innerText()) === String(listed + 5), 'not all calls are counted')
check((await rows()) === listed, 'more is listed than is told')
check((await officer.find('more-calls').innerText()).includes('还有 5 项没有列出'), 'what is not listed is not told')
await officer.picture('many-1-more')
await officer.find('more-calls').focus()
await officer.page.keyboard.press('Enter')
await until(async () => (await rows()) === listed + 5, 'the rest is listed')
check((await officer.find('more-calls').count()) === 0, 'there is said to be more')
check((await officer.find('call-assign-1').innerText()).includes('个'), 'the first call is not among them')

// A call that goes leaves the list, also one of those that were asked for.
const { incident } = await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title: '山火' })
await machine.post('/calls/1/incident', { incident })
await until(async () => (await officer.find('call-assign-1').count()) === 0, 'the call has gone')
await officer.page.reload()
await officer.page.locator('[data-testid=desk][data-ready=yes]').waitFor()
await officer.find('language').first().click()
await until(async () => (await officer.find('more-calls').innerText()).includes('4 more are not listed'), 'it is told in English')
await officer.leave()
await browser.close()
await server.stop()
