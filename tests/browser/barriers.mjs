// Nothing keeps anybody out where it presses most: every page, with clocks that ran out while the server was down, on a desk's
// screen and on a telephone's. That no sound can be heard is said in red. The documents are reached by their key from anywhere.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { Person, Server, check, expectNoBarrier, openBrowser, pictureFailures, until } from './desk.mjs'

const server = new Server()
execFileSync('python3', ['-c', `import sys; sys.path.insert(0, sys.argv[1]); from desk_client import write_fires; write_fires(sys.argv[2], 3, 45)`,
  join(process.env.PINYUE_SOURCES, 'tests/serve'), server.folder])
await server.start()
const browser = await openBrowser()
pictureFailures(browser)
const machine = await server.client()
await machine.post('/calls', { text: '山上冒烟', place: '歌乐山', caller: '曾某', phone: '023-6822 1234' })
const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString()
const early = { from: at(-600), until: at(60), leader: { name: '秦岭', phone: '023-6811 0001' }, main: { name: '何川' } }
await machine.post('/shifts', early)
await machine.post('/shifts/1/correction', { ...early, until: at(-5) })
await machine.post('/shifts', { from: at(-5), until: at(475), main: { name: '田野' } })
const told = await machine.get('/desk')
check(told.totals.overdue >= 3, `${told.totals.overdue} clocks are overdue`)
const [{ number: incident }] = told.incidents
await machine.post(`/incidents/${incident}/facts`, { facts: { 火情性质: '森林火灾', 发生地: '本区', 被困: 1 }, source: '街道' })
await machine.post(`/incidents/${incident}/orders`, { scale: '响应', level: 'Ⅳ级', by: '区森防指', reason: '有人被困', spoken: { who: '张副区长', from: '65912318' } })
const { exercise } = await machine.post('/exercises', { drill: '20-whole-story.drill.md', speed: 600, seats: [{ seat: 'all', account: 'admin' }] })

const findings = [] // all are told, not the first alone

async function expectFit(person, where) {
  await expectNoBarrier(person, where).catch((error) => findings.push(error.message))
  const width = await person.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  if (width > 0) findings.push(`${where} is ${width} wider than the screen`)
  await person.picture(`barriers-${where.replaceAll(/\W+/g, '-')}`)
}

async function lookEverywhere(size) {
  const person = await Person.at(browser, server, size)
  await person.signIn('admin', server.password)
  const see = (what) => expectFit(person, `${size.width} ${what}`)
  const isNarrow = size.width < 700
  await person.find('shift-overdue').waitFor()
  await see('desk')
  await person.page.goto(`${server.url}#/incident/${incident}`)
  await person.find('incident-name').waitFor({ state: 'attached' })
  for (const tab of isNarrow ? ['left', 'middle', 'right'] : ['all']) {
    if (isNarrow) await person.find(`tab-${tab}`).click()
    await see(`incident ${tab}`)
  }
  await person.page.keyboard.press('Alt+f')
  await person.page.keyboard.type('区')
  await person.page.locator('[data-testid=search-panel][data-query="区"]').waitFor()
  await see('search')
  await person.page.keyboard.press('Escape')
  for (const [name, path, ready] of [['shifts', '/shifts', 'handover'], ['accounts', '/accounts', 'accounts'], ['audit', `/audit/${incident}`, 'late'], ['exercises', '/exercises', 'exercises']]) {
    await person.page.goto(`${server.url}#${path}`)
    await person.find(ready).waitFor()
    await see(name)
  }
  // The documents are one key away, on every page.
  await person.page.keyboard.press('Alt+o')
  await until(() => person.page.evaluate(() => document.activeElement?.dataset.testid === 'document-open'), 'the keyboard is at the documents')
  check((await person.find('incident').getAttribute('data-incident')) === String(incident), 'of another incident')
  await see('documents')
  for (const [name, path, ready] of [['exercise desk', '', 'desk'], ['exercise', '#/exercise', 'exercise']]) {
    await person.page.goto(`${server.url}exercise/${exercise}${path}`)
    await person.find(ready).waitFor()
    await until(async () => (await person.find('exercise-band').count()) === 1, 'the exercise is marked')
    await see(name)
  }
  await person.leave()
}
await lookEverywhere({ width: 1366, height: 768 })
await lookEverywhere({ width: 360, height: 740 })

// A page that is loaded anew has not been touched: the browser lets it make no sound, and it says so, in red, until it may.
const deaf = await Person.at(browser, server)
await deaf.signIn('admin', server.password)
await deaf.find('alarm-ringing').waitFor()
check((await deaf.find('sound-blocked').count()) === 0, 'what can be heard is said to be blocked')
await deaf.page.reload()
const blocked = deaf.find('sound-blocked')
await blocked.waitFor()
const colour = await blocked.evaluate((element) => [element.closest('.alarm-bar'), element].map((one) => getComputedStyle(one)).map(({ backgroundColor, color }) => [backgroundColor, color]))
const [red, green, blue] = colour[0][0].match(/\d+/g).map(Number)
check(red > 120 && green < 60 && blue < 60 && colour[1][1] === 'rgb(255, 255, 255)', `it is not in red: ${JSON.stringify(colour)}`)
check((await blocked.getAttribute('role')) === 'alert' && (await blocked.innerText()).includes('听不见'), 'it is not said')
await expectFit(deaf, '1366 blocked sound')
await deaf.find('sound-allow').click()
await blocked.waitFor({ state: 'detached' })
await deaf.leave()
check(findings.length === 0, findings.join('\n'))
await browser.close()
await server.stop()
