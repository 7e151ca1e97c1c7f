// Three people play a whole exercise: the duty room, an office that decides, a town; the script plays all others. Nobody's part
// is done for him, each sees at once what another does, and the judgement says who was in time.
import { check, expectNoBarrier, openBrowser, Person, pictureFailures, printSheets, Server, until } from './desk.mjs'

const server = await new Server().start()
const machine = await server.client()
const password = 'long enough secret'
for (const [name, desk] of [['lin', true], ['zhang', false], ['wang', false]]) {
  await machine.post('/accounts', { name, display_name: name, password, desk })
}
const office = '区森防指'
const town = '歌乐山街道'
const browser = await openBrowser()
pictureFailures(browser)
const [lin, zhang, wang] = await Promise.all([1, 2, 3].map(() => Person.at(browser, server)))
const room = '/exercises/1'
const show = () => machine.get(room)
const status = (person, wanted) => person.page.locator(`[data-testid=exercise-band][data-status=${wanted}]`).waitFor()

// Lets the script do all that it has left to this person, one after the other, as the page shows them.
async function playAll(person) {
  const open = async () => (await show()).offers.filter(({ outcome }) => outcome === 'open').map(({ number }) => String(number))
  for (let left = await open(); left.length > 0; left = await open()) {
    await person.page.locator(`[data-testid=exercise-next][data-offer="${left[0]}"]`).waitFor()
    await person.page.locator('[data-testid=exercise-play]:not([aria-disabled=true])').click()
    await until(async () => !(await open()).includes(left[0]), 'what the script is let do is done')
  }
}

// lin leads, and plays the duty room.
await lin.signIn('lin', password)
await lin.find('nav-exercises').click()
await lin.find('exercise-drill').selectOption('20-whole-story.drill.md')
await lin.find('exercise-new-speed').selectOption('1')
await lin.find('exercise-part').selectOption('duty-room')
await lin.find('exercise-begin').click()
await lin.page.waitForURL(/\/exercise\/1/)
await status(lin, 'running')

// The others come by themselves and take their seats.
for (const [person, name, seat] of [[zhang, 'zhang', office], [wang, 'wang', town]]) {
  await person.signIn(name, password)
  check(await person.find('exercise-quick').count() === 0, 'one who may not is offered to begin an exercise')
  await person.find('nav-exercises').click()
  await person.page.locator('[data-testid=exercise-1] a').click()
  await status(person, 'running')
  check(await person.find('exercise-pause').count() === 0, 'an onlooker may pause')
  await person.find('exercise-open').click()
  await person.find('seat-party').fill(seat)
  await person.find('seat-take').click()
  await person.page.locator(`[data-seat="${seat}"][data-account=${name}]`).waitFor()
  await person.find('exercise-pause').waitFor() // has a part now
  await person.find('exercise-open').click()
}

// The first call comes to lin, who opens the incident by hand. What the script would do next he lets it do.
check(await lin.find('exercise-next').getAttribute('data-offer') === '1', 'lin is not told what to do')
check((await machine.get(`${room}/desk`)).incidents.length === 0, 'the script has done what was for lin')
await lin.page.keyboard.press('Alt+n')
await lin.find('call-text').fill('歌乐山林场有烟')
await lin.find('call-save').click()
await lin.find('incident-title').fill('歌乐山林场火情')
const kinds = lin.find('incident-subject')
if (await kinds.count()) await kinds.selectOption({ index: (await kinds.locator('option').count()) - 1 }).catch(() => undefined)
await lin.find('incident-open').click()
await until(async () => (await show()).offers[0].outcome === 'done', 'the script takes the incident that lin has opened')
await playAll(lin)
await lin.picture('three-1-opened')

// To the twelfth minute: the town reports what it sees. Nobody else is asked to.
await lin.find('exercise-speed').selectOption('60') // so slow that a busy machine does not run past what comes then
await wang.find('exercise-next').waitFor({ timeout: 30_000 })
await lin.find('exercise-speed').selectOption('1')
check(await zhang.find('exercise-next').count() === 0 && await lin.find('exercise-next').count() === 0, 'the town\'s part is asked of others')
await playAll(wang)

// The band tells him his seat, and that a proposal waits for him, until when; nobody else.
await zhang.page.locator('[data-testid=exercise-part][data-decide="1"]').waitFor()
check((await zhang.find('exercise-part').innerText()).includes(office) && /还剩/.test(await zhang.find('exercise-foremost').innerText()), 'the office is not told what it has to decide')
check(await wang.find('exercise-part').getAttribute('data-decide') === '0', 'the town is told to decide')

// The office decides; the others' pages show it without being touched.
// The incident may have changed at this very moment: then the page says so, and he decides once more.
await until(async () => {
  await zhang.find('proposal-accept').first().click({ timeout: 2_000 }).catch(() => undefined)
  return (await machine.get(`${room}/incidents/2`)).scales.some(({ order }) => order === 'Ⅳ级')
}, 'the office decides')
for (const person of [lin, wang]) {
  await person.page.locator('[data-testid=scale-order]').filter({ hasText: 'Ⅳ级' }).first().waitFor()
}
await zhang.picture('three-2-ordered')

// The town acknowledges and does one of its duties.
const mine = (await machine.get(`${room}/incidents/2`)).duties.find((duty) => duty.bearer === town && duty.status === 'owed' && !duty.acknowledged_at && duty.due_at && !duty.overdue && duty.kind === 'duty')
const row = wang.find(`duty-${mine.id}`)
await row.getByTestId('duty-acknowledge').click()
await until(async () => (await machine.get(`${room}/incidents/2`)).duties.find(({ id }) => id === mine.id).acknowledged_at, 'the town has acknowledged')
await row.getByTestId('duty-answer').click()
await row.getByTestId('duty-proof').fill('已办')
await row.getByTestId('file-choose').setInputFiles({ name: '签到表.txt', mimeType: 'text/plain', buffer: Buffer.from('全员到岗') })
await row.locator('[data-file="签到表.txt"][data-state=done]').waitFor()
await row.getByTestId('duty-done').click()
await until(async () => (await machine.get(`${room}/incidents/2`)).duties.find(({ id }) => id === mine.id).status === 'done', 'the town has done it')

// His file is in the exercise, under a name that says so; the others look at it. Anybody looks back at the incident as it was.
const proof = lin.page.locator('a[data-attachment]').first()
await proof.waitFor({ state: 'attached' })
const fetched = await lin.page.evaluate(async (address) => {
  const answer = await fetch(address)
  return { text: await answer.text(), name: decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(answer.headers.get('content-disposition'))[1]) }
}, await proof.getAttribute('href'))
check(fetched.text === '全员到岗' && fetched.name.startsWith('【演练】'), `the file is not marked: ${JSON.stringify(fetched)}`)
await zhang.find('incident-audit').click()
await zhang.page.locator('[data-testid=audit][data-ready=yes]').waitFor()
check(await zhang.find('exercise-mark').isVisible() && (await zhang.find('audit').innerText()).includes('【演练】'), 'an audit of an exercise is not marked')
check((await zhang.find('audit-record').getAttribute('href')).startsWith(`/api/v1${room}/`), 'the record is of the real desk')
await expectNoBarrier(zhang, 'the audit of an exercise')
await zhang.picture('three-2-audit')
await zhang.find('audit-back').click()

// The town on its telephone: the units' page within the exercise, marked, with what is its own and nothing else.
const phone = await Person.at(browser, server, { width: 360, height: 740 })
await phone.page.goto(`${server.url}exercise/1/unit`)
check((await phone.find('exercise-band').innerText()).includes('演练'), 'the units\' sign-in is not marked')
await phone.find('sign-in-name').fill('wang')
await phone.find('sign-in-password').fill(password)
await phone.find('sign-in-submit').click()
await phone.page.locator('[data-testid=unit][data-ready=yes]').waitFor()
await phone.page.locator('.todo [data-duty]').first().waitFor()
check(/【演练】/.test(await phone.page.title()) && (await phone.find('exercise-band').isVisible()), 'the units\' page is not marked')
check((await phone.find('exercise-seats').innerText()).includes(town), 'the units\' page does not say which seat one has')
check((await printSheets(phone.page)).every((sheet) => /演\s*练/.test(sheet.replaceAll('【演练】', ''))), 'a sheet of the units\' page is not marked')
check((await phone.find('unit').innerText()).includes('【演练】'), 'the incident is not marked on the units\' page')
check(await phone.page.locator('a[href^="tel:"]').count() === 0, 'the units\' page offers to call somebody in truth')
check(await phone.page.evaluate(() => document.documentElement.scrollWidth <= 360), 'the units\' page is wider than the telephone')
await expectNoBarrier(phone, 'the units\' page of an exercise')
const next = (await machine.get(`${room}/incidents/2`)).duties.find((duty) => duty.bearer === town && duty.status === 'owed' && !duty.acknowledged_at && duty.kind === 'duty')
const card = phone.page.locator(`[data-duty="${next.id}"]`)
await card.getByTestId('duty-acknowledge').click()
await until(async () => (await machine.get(`${room}/incidents/2`)).duties.find(({ id }) => id === next.id).acknowledged_at, 'the town acknowledges on its telephone')
await phone.picture('three-2-unit')
// The seat is given back: what was his is no longer, without his doing anything.
await machine.post(`${room}/seats`, { seat: town })
await phone.page.locator('.todo [data-duty]').first().waitFor({ state: 'detached' })
await machine.post(`${room}/seats`, { seat: town, account: 'wang' })
await phone.page.locator('.todo [data-duty]').first().waitFor()
check(new URL(await phone.find('nav-desk').evaluate((link) => link.href)).pathname === '/exercise/1', 'from there it goes to the real desk')
await phone.leave()

// Whoever has a seat may pause: it stands still for all three.
await wang.find('exercise-pause').click()
await Promise.all([lin, zhang, wang].map((person) => status(person, 'paused')))
await wang.find('exercise-pause').click()
await Promise.all([lin, zhang, wang].map((person) => status(person, 'running')))

// On to the end: zhang does nothing more, and the hour passes; lin ends it.
await lin.find('exercise-speed').selectOption('600')
await until(async () => Date.parse((await show()).time) > Date.parse('2022-08-20T07:30:00Z'), 'the hour is past', 30)
await lin.find('exercise-open').click()
check(await wang.find('exercise-end').count() === 0, 'whoever does not lead may end it')
await lin.find('exercise-end').click()
await lin.find('exercise-end').click()
await Promise.all([lin, zhang, wang].map((person) => status(person, 'ended')))
await zhang.find('exercise-open').click()
await zhang.find('judgement').waitFor()
const judged = await machine.get(`${room}/judgement`)
const find = (kind, id) => judged.rows.find((one) => one.kind === kind && one.id === id)
check(find('duty', mine.id).outcome === 'met' && find('duty', mine.id).played_by === 'wang', 'the town is not judged by what it did')
check(judged.rows.some((one) => one.kind === 'proposal' && one.played_by === 'zhang' && one.outcome === 'met'), 'the office is not judged by what it decided')
check(judged.rows.some((one) => one.played_by === 'wang' && one.outcome === 'missed'), 'what the town left undone is not missed')
check(judged.offers.every(({ took_seconds: took, outcome }) => (outcome === 'met') === (took !== null)), 'what was left to people is judged otherwise than it was done')
await zhang.picture('three-3-judged')
check((await machine.get('/desk')).incidents.length === 0, 'the exercise has come to the real desk')
for (const person of [lin, zhang, wang]) await person.leave()
await browser.close()
await server.stop()
