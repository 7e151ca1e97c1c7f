// One incident in three browsers: the duty officer takes the call and reports what is known, the commander decides, a town
// acknowledges; in the middle the server's power goes; it ends as the plan says. Told with the forest-fire plan and again with the English one.
import { Person, Server, check, fillFacts, openBrowser, pictureFailures, pictures, until, writtenTime } from './desk.mjs'

const secret = 'long enough secret'

async function tell(browser, server, story) {
  const machine = await server.client()
  await machine.post('/accounts', { name: `${story.key}-commander`, display_name: story.commander, password: secret, parties: [story.office] })
  await machine.post('/accounts', { name: `${story.key}-town`, display_name: story.unit, password: secret, parties: [story.unit] })

  // A call, with the keyboard alone; the page is closed in the middle of it and the draft is still there.
  const officer = await Person.at(browser, server)
  await officer.signIn('admin', server.password)
  await officer.page.keyboard.press('Alt+n')
  await officer.page.keyboard.type(story.call)
  // What is heard in it is offered beneath; a key takes one, none is taken unasked, and the keyboard stays in the text.
  await until(async () => (await officer.page.locator('[data-testid^=offer-]').count()) === story.heard.length, 'what is heard is offered')
  for (const [index, [fact, value, take]] of story.heard.entries()) {
    const offer = officer.find(`offer-${index + 1}`)
    check((await offer.getAttribute('data-fact')) === fact, `offer ${index + 1} is not ${fact}`)
    if (value) check((await offer.getAttribute('data-value')) === value, `${fact} is heard as ${await offer.getAttribute('data-value')}`)
    check((await offer.getAttribute('aria-pressed')) === 'false', `${fact} is taken unasked`)
    if (take) await officer.page.keyboard.press(`Alt+${index + 1}`)
  }
  check(await officer.find('call-text').evaluate((node) => node === document.activeElement), 'taking an offer has moved the keyboard')
  await officer.picture(`${story.key}-0-heard`)
  await officer.page.waitForTimeout(600)
  await officer.page.reload()
  await officer.page.locator('[data-testid=desk][data-ready=yes]').waitFor()
  if (!(await officer.find('call-text').isVisible())) await officer.page.keyboard.press('Alt+n')
  check((await officer.find('call-text').inputValue()) === story.call, 'the draft of the call is lost')
  await until(async () => (await officer.page.locator('[data-testid^=offer-][aria-pressed=true]').count()) === story.heard.filter(([, , take]) => take).length,
    'what was taken is still taken after a reload')
  await officer.find('call-place').fill(story.place)
  await officer.find('call-text').focus()
  await officer.page.keyboard.press('Control+Enter')
  await officer.find('call-assign').waitFor()
  check((await machine.get('/calls')).calls.filter((call) => call.text === story.call).length === 1, 'the call is not saved once')
  const kinds = officer.find('incident-subject')
  if (await kinds.count()) {
    const isSelect = await kinds.evaluate((node) => node.tagName === 'SELECT')
    if (isSelect) await kinds.selectOption({ index: story.index })
  }
  await officer.find('incident-title').fill(story.title)
  check((await officer.find('taken-with').innerText()).includes(story.heard[0][0]), 'what was taken is not shown with the call')
  // The line goes between the opening and the report: what was taken stays over the desk until it is reported.
  await officer.page.route('**/facts', (route) => route.abort())
  await officer.find('incident-open').click()
  await officer.page.locator('[data-testid=incident][data-status=open]').waitFor()
  const number = Number(await officer.find('incident').getAttribute('data-incident'))
  check((await machine.get(`/incidents/${number}`)).subject === story.subject, 'opened as something else')
  await officer.page.locator('[data-testid^=figures-left-]').waitFor()
  await officer.picture(`${story.key}-0-left`)
  check(!(await machine.get(`/incidents/${number}`)).facts.some((fact) => fact.claims.length), 'something is reported that has not been sent')
  await officer.page.unroute('**/facts')
  await officer.find('figures-report').click()
  await officer.page.locator('[data-testid^=figures-left-]').waitFor({ state: 'detached' })
  const reported = (await machine.get(`/incidents/${number}`)).facts.filter((fact) => fact.claims.length).map(({ name }) => name)
  check(JSON.stringify(reported.sort()) === JSON.stringify(story.heard.filter(([, , take]) => take).map(([fact]) => fact).sort()), `reported: ${reported}`)
  const scale = officer.page.locator(`[data-testid=scale][data-scale="${story.scale}"]`)
  await until(async () => /未定|ndetermined/.test(await scale.innerText()), 'nothing known is shown as undetermined')
  await officer.picture(`${story.key}-1-opened`)

  // The first of the plan's steps is the one to be at, and asks for what it asks for: the keyboard goes to the first of it.
  const [step] = (await machine.get(`/incidents/${number}`)).steps
  check(step.current && step.facts.length > 0, 'the first step is not the current one')
  check((await officer.find('step-0').getAttribute('data-state')) === 'current', 'the page shows another step')
  await officer.find('step-ask').click()
  await officer.page.waitForFunction((fact) => document.activeElement?.closest('[data-testid=fact-form] [data-fact]')?.dataset.fact === fact, step.facts[0].name)

  // Facts by the form, each by the kind of its control.
  await fillFacts(officer.find('fact-form'), story.facts)
  await officer.find('fact-source').fill(story.place)
  await officer.find('facts-save').click()
  await until(async () => (await scale.getByTestId('scale-level').innerText()).includes(story.level), `the page shows the level ${story.level}`)
  await officer.picture(`${story.key}-2-level`)

  // The power goes. What the pages show says that it is old; then it is live again, and nothing is lost.
  const commander = await Person.at(browser, server)
  await commander.signIn(`${story.key}-commander`, secret)
  await commander.find(`incident-${number}`).click()
  const before = await machine.get(`/incidents/${number}`)
  await server.kill()
  await until(async () => (await commander.find('live').getAttribute('data-live')) === 'no', 'the page says that its line is cut')
  await commander.picture(`${story.key}-3-cut`)
  await server.start()
  await until(async () => (await commander.find('live').getAttribute('data-live')) === 'yes', 'the page is live again', 60)
  const after = await machine.get(`/incidents/${number}`)
  check(after.duties.length === before.duties.length && after.timeline.length === before.timeline.length, 'the restart has lost something')

  // The commander decides; the officer's page shows it without being touched.
  const proposal = after.scales.find((s) => s.name === story.scale).proposal
  // At the same moment the officer records the opposite from the telephone, and comes too late: that is said, and stays.
  const card = officer.find(`proposal-${proposal}`)
  await card.getByTestId('decide-who').fill('王主任')
  await card.getByTestId('decide-from').fill('65912318')
  await officer.page.route('**/decision', async (route) => {
    await commander.find(`proposal-${proposal}`).getByTestId('proposal-accept').click()
    await until(async () => (await machine.get(`/incidents/${number}`)).orders.some((order) => order.level === story.level), 'the commander has decided')
    await route.continue()
  })
  await card.getByTestId('proposal-refuse').click()
  await officer.find(`proposal-lost-${proposal}`).waitFor()
  await officer.picture(`${story.key}-3-lost`)
  await officer.find('proposal-lost-read').click()
  await officer.page.unroute('**/decision')
  await until(async () => (await scale.getByTestId('scale-order').innerText()).includes(story.level), 'the order reaches the other page')

  // The plan's chart follows without being drawn anew: what has been ordered is lit on it, in the words of its card.
  const lit = officer.page.locator(`[data-testid=chart-frame] g.lit[data-scale="${story.scale}"][data-level="${story.level}"]`)
  await until(async () => ((await lit.getAttribute('class')) ?? '').includes('lit-order'), 'the level ordered is lit on the chart')
  check((await officer.page.locator('[data-testid=chart-frame] .badge-order').count()) === 1, 'one level alone is in force on the sheet')
  await officer.find('chart-frame').focus()
  const shown = await officer.find('chart').getAttribute('data-sheet')
  await officer.page.keyboard.press(']')
  await until(async () => (await officer.find('chart').getAttribute('data-sheet')) !== shown, 'a key turns to the next sheet')
  await officer.picture(`${story.key}-4-ordered`)

  // The to-call list, by keys: the first row is reached and has acknowledged; it is gone, and the count is one less at least.
  const waiting = async () => (await machine.get('/notices')).notices.filter((row) => row.incident === number).length
  const rows = await waiting()
  // The decision has settled rows; the page must have heard of it, or it rightly says that nobody needs to be called.
  await until(async () => {
    const open = (await machine.get('/notices')).notices.map((row) => `notice-${row.id}`)
    return open.includes(await officer.page.locator('[data-testid^="notice-"][data-state=open]').first().getAttribute('data-testid'))
  }, 'the to-call list has heard of the decision')
  await officer.page.keyboard.press('Alt+t')
  await officer.page.waitForFunction(() => document.activeElement?.closest('[data-testid^="notice-"][data-state=open]'))
  await officer.page.keyboard.press('Alt+k')
  await until(async () => (await waiting()) < rows, 'somebody has been called')
  await officer.picture(`${story.key}-6-called`)

  // A town on a phone: its own duty, acknowledged.
  for (const [role, unit] of story.roles) await machine.post(`/incidents/${number}/bindings`, { role, unit })
  const town = await Person.at(browser, server, { width: 360, height: 740 })
  await town.signIn(`${story.key}-town`, secret)
  const own = await until(async () => (await machine.get(`/incidents/${number}`)).duties.find((duty) =>
    duty.bearer === story.unit && duty.status === 'owed' && duty.kind === 'duty'), 'the town owes something')
  if (!(await town.find(`incident-${number}`).isVisible())) await town.find('tab-left').click()
  await town.find(`incident-${number}`).click()
  await town.find(`duty-${own.id}`).getByTestId('duty-acknowledge').click()
  await until(async () => (await machine.get(`/incidents/${number}`)).duties.find((duty) => duty.id === own.id).acknowledged_at, 'the acknowledgement is in the log')
  await town.picture(`${story.key}-5-town`)
  const width = await town.page.evaluate(() => document.documentElement.scrollWidth)
  check(width <= 360, `on a phone the page is ${width} wide`)

  // The end: what it takes is reported, it is proposed, and ordered by telephone; what follows from it is owed.
  await fillFacts(officer.find('fact-form'), story.over)
  await officer.find('facts-save').click()
  const ending = await until(async () => (await machine.get(`/incidents/${number}`)).proposals.find((one) =>
    one.scale === story.scale && one.status === 'open' && one.to === null), 'the end is proposed')
  const last = officer.find(`proposal-${ending.id}`)
  await last.getByTestId('decide-who').fill('王主任')
  await last.getByTestId('decide-from').fill('65912318')
  await last.getByTestId('proposal-accept').click()
  await until(async () => !(await scale.getByTestId('scale-order').innerText()).includes(story.level), 'the page shows that it has ended')
  const ended = await machine.get(`/incidents/${number}`)
  check(ended.scales.find((one) => one.name === story.scale).order === null, 'it has not ended')
  check(ended.orders.at(-1).by === story.ender, `${ended.orders.at(-1).by} has ended it`)
  check(ended.duties.some((duty) => duty.name === story.after && duty.status === 'owed' && duty.due_at), `${story.after} is not owed`)
  await officer.picture(`${story.key}-7-ended`)
  for (const person of [officer, commander, town]) await person.leave()
}

const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)
await tell(browser, server, {
  key: 'fire', subject: '森林火灾', index: 0, scale: '响应', call: '凤凰镇皂桷树村山上起火，烧了二十来分钟，有个老人没下来',
  place: '凤凰镇皂桷树村', title: '凤凰镇山火', heard: [['起火时间', '', true], ['被困', '>= 1', false]], level: 'Ⅱ级', commander: '指挥长', office: '区森防指', unit: '凤凰镇',
  facts: [['火情性质', '森林火灾'], ['发生地', '本区'], ['被困', '1'], ['直接威胁居民区', true]], roles: [['属地镇街', '凤凰镇']],
  over: [['明火扑灭', true], ['清理验收', true], ['次生灾害消除', true]], ender: '区森防指', after: '及时总结',
})
await tell(browser, server, {
  key: 'flood', subject: 'Flood', index: 1, scale: 'Flood alarm', call: 'Water over the mark at the gauge house, three or four people still in zone 1', place: 'Dam',
  heard: [['In Zone 1', '3..4', true]], title: 'Night flood', level: 'Yellow', commander: 'Station Head', office: 'Station Head', unit: 'Lower Ford Parish',
  facts: [['Water level', '153.5 m']], roles: [],
  over: [['Water level', '151.5 m'], ['Limit passed', true], ['Below since', writtenTime(-13 * 60)], ['Found sound', true], ['Heavy rain to come', false]], ender: 'Commander', after: 'Report on the flood',
})
await browser.close()
await server.stop()
console.log(`pictures are in ${pictures}`)
