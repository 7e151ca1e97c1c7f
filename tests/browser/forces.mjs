// Forces of an incident in two browsers: the duty officer calls by the plan's order with the keyboard, the team's leader says
// on a phone that they are there; a wrong number is corrected; help that the plan does not name. With both plans.
import { Person, Server, check, openBrowser, pictureFailures, pictures, until } from './desk.mjs'

const secret = 'long enough secret'

async function tell(browser, server, story) {
  const machine = await server.client()
  const { incident: number } = await machine.post('/incidents', { plan: story.plan, subject: story.subject, title: story.title })
  for (const [role, unit] of story.roles) await machine.post(`/incidents/${number}/bindings`, { role, unit })
  const forces = async () => (await machine.get(`/incidents/${number}`)).forces
  const find = async (party) => (await forces()).parties.find((force) => force.party === party)

  // The next in order has the keyboard; a number and a key, and the mark goes to the one behind.
  const officer = await Person.at(browser, server)
  await officer.signIn('admin', server.password)
  await officer.find(`incident-${number}`).click()
  await officer.page.locator(`[data-testid=incident][data-incident="${number}"]`).waitFor()
  await officer.page.keyboard.press('Alt+m')
  await officer.page.waitForFunction(() => document.activeElement?.matches('.calling-row.next'))
  const first = await officer.page.evaluate(() => document.activeElement.dataset.party)
  check(first === story.first, `${first} is called first`)
  const row = officer.page.locator(`.calling-row[data-party="${story.first}"]`).first()
  await row.getByTestId('force-people').fill('25')
  await officer.page.keyboard.press('Enter')
  check((await forces()).parties.length === 0, 'Enter in a field has logged something')
  await officer.page.keyboard.press('Alt+j')
  await until(async () => (await find(story.first))?.state === 'coming', 'the first team comes')
  check((await find(story.first)).people === 25, 'with 25 people')
  await until(async () => (await row.getAttribute('data-state')) === 'coming', 'the row says so')
  await until(async () => (await officer.page.locator('.calling-row.next').first().getAttribute('data-party')) === story.second, 'the mark is at the second')
  await officer.page.keyboard.press('Alt+m')
  await officer.page.keyboard.press('Alt+l')
  await until(async () => (await find(story.second))?.state === 'no-answer', 'the second does not answer')
  await officer.picture(`${story.key}-forces-1-called`)

  // Its leader, on a phone: there, with one digit too many; the officer corrects it, and both stay.
  await machine.post('/accounts', { name: `${story.key}-leader`, display_name: story.first, password: secret, parties: [story.first] })
  const leader = await Person.at(browser, server, { width: 360, height: 740 })
  await leader.signIn(`${story.key}-leader`, secret)
  if (!(await leader.find(`incident-${number}`).isVisible())) await leader.find('tab-left').click()
  await leader.find(`incident-${number}`).click()
  const own = leader.page.locator(`[data-testid=force][data-party="${story.first}"]`)
  check((await leader.page.locator('[data-testid=force-released], [data-testid=force-no-answer]').count()) === 0, 'more is offered than can be said')
  await own.getByTestId('force-people').fill('120')
  await own.getByTestId('force-arrived').click()
  await until(async () => (await find(story.first)).state === 'arrived', 'the team is there')
  await own.scrollIntoViewIfNeeded()
  await leader.picture(`${story.key}-forces-2-leader`)
  check((await leader.page.evaluate(() => document.documentElement.scrollWidth)) <= 360, 'on a phone the page is too wide')
  const wrong = (await find(story.first)).entries.at(-1).sequence
  const force = officer.page.locator(`[data-testid=force][data-party="${story.first}"]`)
  await until(async () => (await force.getAttribute('data-state')) === 'arrived', 'the officer sees it')
  await force.locator('summary').click()
  await force.getByTestId(`force-correct-${wrong}`).click()
  await force.getByTestId('force-correction-people').fill('12')
  await force.getByTestId('force-correction-save').click()
  await until(async () => (await find(story.first)).people === 12, 'the number is corrected')
  await until(async () => (await force.locator('[data-struck=true]').count()) === 1, 'the wrong one is struck out')

  // Help from elsewhere; then all go home.
  await officer.find('force-outside-open').click()
  await officer.find('force-outside-name').fill(story.outside)
  const form = officer.page.locator('[data-force]', { has: officer.find('force-outside-name') })
  await form.getByTestId('force-people').fill('8')
  await form.getByTestId('force-arrived').click()
  await until(async () => (await forces()).there.people === 20, 'twenty people are there')
  await until(async () => (await officer.find('forces-there').getAttribute('data-people')) === '20', 'the page says so')
  await officer.find('jump-forces').click()
  await officer.picture(`${story.key}-forces-3-there`)
  await force.getByTestId('force-released').click()
  await until(async () => (await forces()).there.people === 8, 'one has left')
  for (const person of [officer, leader]) await person.leave()
}

const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)
await tell(browser, server, {
  key: 'fire', plan: '森林火灾', subject: '森林火灾', title: '凤凰镇山火', roles: [['属地镇街', '凤凰镇']],
  first: '凤凰镇综合应急救援队', second: '沙坪坝区消防救援支队', outside: '邻区机动队',
})
await tell(browser, server, {
  key: 'flood', plan: 'Reservoir flood', subject: 'Flood', title: 'Night flood', roles: [],
  first: 'Repair gang', second: 'Mill End team', outside: 'Riverside volunteers',
})
await browser.close()
await server.stop()
console.log(`pictures are in ${pictures}`)
