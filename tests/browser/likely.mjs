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
// A call that somebody else gives to an incident meanwhile: who has it before him is told, at once; and who had not heard of it
// yet does not take it out of there.
for (const isHeard of [true, false]) {
  await officer.find('nav-desk').click()
  const { call: wanted } = await machine.post('/calls', { text: '又冒烟了', place: '石门' })
  await officer.find(`call-assign-${wanted}`).click()
  await officer.find('incident-open').waitFor()
  await page.waitForTimeout(500) // it has been read
  if (!isHeard) await page.route(`**/api/v1/calls/${wanted}`, (route) => route.abort())
  await machine.post(`/calls/${wanted}/incident`, { incident: second })
  if (!isHeard) {
    const count = (await machine.get('/desk')).totals.incidents
    const refused = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/api/v1/incidents'))
    await officer.find('incident-open').click()
    check((await refused).status() === 412, 'an incident was opened with a call that has one')
    check((await machine.get('/desk')).totals.incidents === count, 'an incident was opened with a call that has one')
    await page.unroute(`**/api/v1/calls/${wanted}`)
    await machine.post('/calls', { text: '还有一个', place: '别处' }) // the page reads again
  }
  const told = officer.find('assigned-elsewhere')
  await told.waitFor()
  check((await told.innerText()).includes('北坡火情'), await told.innerText())
  check((await officer.find('incident-open').count()) === 0, 'it can still be taken out of there')
  check((await machine.get(`/calls/${wanted}`)).incident === second, 'it has been taken out of there')
  await officer.picture(`likely-4-elsewhere-${isHeard ? 'heard' : 'refused'}`)
  await told.getByTestId(isHeard ? 'assigned-close' : 'assigned-show').click()
  await told.waitFor({ state: 'detached' })
}
await page.locator(`[data-testid=incident][data-incident="${second}"]`).waitFor()
await officer.leave()
await browser.close()
await server.stop()
