// A call is offered the incident that it may belong to, with the reason; the unit that the place names is bound by one key;
// two incidents become one and two again, and both say so.
import { Person, Server, check, openBrowser, until } from './desk.mjs'

const server = await new Server().start()
const browser = await openBrowser()
const machine = await server.client()
const kind = { plan: '森林火灾', subject: '森林火灾' }
const { call } = await machine.post('/calls', { text: '林子里冒烟', place: '歌乐山林场', phone: '023-6822 1234' })
const { incident: first } = await machine.post('/incidents', { ...kind, title: '山火', call })
const { incident: second } = await machine.post('/incidents', { ...kind, title: '北坡火情' })

const officer = await Person.at(browser, server)
await officer.signIn('admin', server.password)
const { page } = officer
await page.keyboard.press('Alt+n')
await page.keyboard.type('还在烧')
await officer.find('call-place').fill('歌乐山北门')
await officer.find('call-text').focus()
await page.keyboard.press('Control+Enter')
await officer.find('likely').waitFor()
check((await officer.find('likely').innerText()).includes('歌乐山'), 'the reason is not told')
check(await page.evaluate(() => document.activeElement?.dataset.testid === 'incident-title' || Boolean(document.activeElement?.closest('.call-assign'))), 'the keyboard is elsewhere')
await officer.picture('likely-1-offered')
await officer.find(`likely-join-${first}`).focus()
await page.keyboard.press('Enter')
await page.locator(`[data-testid=incident][data-incident="${first}"]`).waitFor()
await until(async () => (await machine.get(`/incidents/${first}`)).calls.length === 2, 'the call has joined')

// The unit that the place names.
await officer.find('role-offered').first().focus()
await officer.picture('likely-2-role')
await page.keyboard.press('Enter')
await until(async () => (await machine.get(`/incidents/${first}`)).roles.some((role) => role.units.length === 1), 'the unit is bound')

// One, and two again.
await officer.find(`incident-${second}`).click()
await page.locator(`[data-testid=incident][data-incident="${second}"]`).waitFor()
await officer.find('merge-open').click()
await officer.find('merge-into').selectOption(String(first))
check(await officer.find('merge-save').isDisabled(), 'merged without a reason')
await officer.find('merge-reason').fill('同一处火')
await officer.picture('likely-3-merge')
await officer.find('merge-save').click()
await page.locator('[data-testid=incident][data-status=merged]').waitFor()
await officer.find('merged-into').click()
await page.locator(`[data-testid=incident][data-incident="${first}"]`).waitFor()
await until(async () => (await officer.find('timeline').innerText()).includes(`事件 ${second} 并入本事件`), 'the other timeline says so')
await page.goBack()
await page.locator('[data-testid=incident][data-status=merged]').waitFor()
await officer.find('merge-open').click()
await officer.find('merge-reason').fill('看错了')
await officer.find('merge-save').click()
await page.locator(`[data-testid=incident][data-incident="${second}"][data-status=open]`).waitFor()
await officer.leave()
await browser.close()
await server.stop()
