// A town with a telephone, on the units' own page: it sees what it owes, acknowledges, photographs over a line that breaks,
// loads the page anew in the middle, and it is done, with the photo on the duty room's page. It reports what it sees. Its commander
// decides there too, orders without being asked, signs in with a code, and lets a deputy act.
import { createHash, randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { Person, Server, check, codeOf, expectNoBarrier, openBrowser, pictureFailures, pictures, until, writtenTime } from './desk.mjs'

const secret = 'long enough secret'

function chunk(kind, content) {
  const whole = Buffer.alloc(content.length + 12)
  whole.writeUInt32BE(content.length, 0)
  whole.write(kind, 4, 'latin1')
  content.copy(whole, 8)
  return whole // nobody here looks at its checksum
}

// A picture by its content, of so many bytes.
function makePhoto(bytes) {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(1, 0)
  head.writeUInt32BE(1, 4)
  head[8] = 8
  head[9] = 2
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('teXt', randomBytes(bytes)),
    chunk('IDAT', deflateSync(Buffer.alloc(4))), chunk('IEND', Buffer.alloc(0))])
}

const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)

const machine = await server.client()
await machine.post('/accounts', { name: 'commander', display_name: '指挥长', password: secret, parties: ['区森防指'] })
await machine.post('/accounts', { name: 'deputy', display_name: '副指挥', password: secret, parties: [] })
await machine.post('/accounts', { name: 'town', display_name: '凤凰镇值班', password: secret, parties: ['凤凰镇'] })
const { call } = await machine.post('/calls', { text: '村后山上起火', place: '凤凰镇皂桷树村' })
const { incident } = await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title: '凤凰镇山火', call })
await machine.post(`/incidents/${incident}/bindings`, { role: '属地镇街', unit: '凤凰镇' })
await machine.post(`/incidents/${incident}/facts`, { facts: { 火情性质: '森林火灾', 发生地: '本区', 被困: 1 }, source: '街道' })
const dutiesOf = async () => (await machine.get(`/incidents/${incident}`)).duties
const dutyOf = async (id) => (await dutiesOf()).find((duty) => duty.id === id)

const open = (name, size, code) => Person.ofUnit(browser, server, name, secret, size, code)

// ---- who is on duty stands on this page too ------------------------------------------------------------------------------

async function expectRoster() {
  const hours = (count) => new Date(Date.now() + count * 3_600_000).toISOString()
  const person = await open('town', { width: 360, height: 740 })
  await person.find('on-duty').getByText('没有排班').waitFor()
  await machine.post('/shifts', { from: hours(-1), until: hours(8), leader: { name: '秦岭' }, main: { name: '何川', phone: '023-6811 0001' }, second: { name: '孟江' } })
  for (const [post, name] of [['leader', '带班秦岭'], ['main', '主班何川'], ['second', '副班孟江']]) {
    await until(async () => (await person.find('on-duty').locator(`[data-post=${post}]`).innerText().catch(() => '')).replace(/\s/g, '').startsWith(name), `${name} is on duty`)
  }
  check((await person.find('on-duty').locator('a').getAttribute('href')) === 'tel:02368110001', 'the number cannot be dialled')
  await expectNoBarrier(person, 'the roster on a telephone')
  check((await person.page.evaluate(() => document.documentElement.scrollWidth)) <= 360, 'the roster is wider than the telephone')
  await person.picture('unit-0-roster')
  await person.leave()
}
await expectRoster()

// ---- the town ----------------------------------------------------------------------------------------------------------

const town = await open('town', { width: 360, height: 740 })
check((await town.find(`own-incident-${incident}`).innerText()).includes('凤凰镇皂桷树村'), 'the place is not shown')
const shown = await town.page.locator('section [data-duty]').evaluateAll((rows) => rows.map((row) => row.dataset.duty))
const owed = (await dutiesOf()).filter((duty) => duty.status === 'owed' && [duty.bearer, duty.bearer_role].includes('凤凰镇') && duty.kind !== 'forbid')
check(owed.length > 0 && owed.every(({ id }) => shown.includes(id)), 'not all that the town owes is shown')
const due = owed.filter(({ due_at: at }) => at).sort((one, other) => one.due_at.localeCompare(other.due_at)).map(({ id }) => id)
check(due.every((id, place) => shown[place] === id || owed.some((duty) => duty.id === shown[place])), 'the soonest does not come first')
const own = owed.find(({ id, kind }) => kind === 'duty' && id === due[0]) ?? owed.find(({ kind }) => kind === 'duty')
await town.picture('unit-1-list')
const card = town.find(`duty-${own.id}`)
await card.getByTestId('duty-acknowledge').click()
await until(async () => (await dutyOf(own.id)).acknowledged_at, 'the acknowledgement is in the log')
await card.getByText('签收', { exact: false }).first().waitFor()
await until(async () => (await card.getByTestId('duty-acknowledge').count()) === 0, 'its button is gone')

// A photo, and the line breaks in the middle of it.
await card.getByTestId('duty-answer').click()
await card.getByTestId('duty-proof').fill('已到现场，正在扑救')
const photo = makePhoto(1_500_000)
const digest = createHash('sha256').update(photo).digest('hex')
let parts = 0
let photoPath = ''
await town.page.route('**/api/v1/uploads/*', (route) => {
  photoPath = route.request().url()
  return ++parts > 2 ? route.abort() : route.continue()
})
await card.getByTestId('file-camera').setInputFiles({ name: '现场 1.png', mimeType: 'image/png', buffer: photo })
const row = card.locator('[data-file="现场 1.png"]')
await until(async () => (await row.getAttribute('data-state')) === 'lost', 'the page says that the file is not all there')
check(await card.getByTestId('duty-done').isDisabled(), 'it can be done with half a photo')
await town.picture('unit-2-lost')
// What is no proof is said so, by its content.
await town.page.unroute('**/api/v1/uploads/*')
await town.page.route('**/api/v1/uploads/*', (route) => (route.request().url() === photoPath ? route.abort() : route.continue()))
await town.page.route('**/api/v1/uploads', (route) => (route.request().postData()?.includes('现场') ? route.abort() : route.continue()))
await card.getByTestId('file-choose').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<!DOCTYPE html><html><body><script>alert(1)</script></body></html>') })
const wrong = card.locator('[data-file="photo.jpg"]')
await until(async () => (await wrong.getAttribute('data-state')) === 'refused', 'a page called photo.jpg is refused')
await town.picture('unit-3-refused')
await wrong.getByTestId('file-remove').click()
await wrong.waitFor({ state: 'detached' })
await until(async () => (await card.getByTestId('draft-note').getAttribute('data-state')) === 'kept', 'the draft is at the server')

// The page is loaded anew: the text and the photo are still there, and it goes on from where it stood.
const sent = []
town.page.on('request', (request) => request.method() === 'PATCH' && sent.push(Number(request.headers()['upload-offset'])))
await town.page.unroute('**/api/v1/uploads')
await town.page.unroute('**/api/v1/uploads/*')
await town.page.reload()
await town.page.locator('[data-testid=unit][data-ready=yes]').waitFor()
check((await card.getByTestId('duty-proof').inputValue()) === '已到现场，正在扑救', 'the draft is lost')
await until(async () => (await row.getAttribute('data-state')) === 'done', 'the photo is at the server')
check(sent[0] >= 262144, `it began anew at ${sent[0]}`)
await town.picture('unit-4-sent')
await card.getByTestId('duty-done').click()
await until(async () => (await dutyOf(own.id)).status === 'done', 'it is done')
const proven = await dutyOf(own.id)
check(proven.attachments.length === 1 && proven.attachments[0].sha256 === digest && proven.proof === '已到现场，正在扑救', 'the proof is not what was sent')
await until(async () => !(await town.page.locator(`section [data-duty="${own.id}"]`).isVisible()) ||
  (await card.getAttribute('data-status')) === 'done', 'the page shows that it is done')
await town.find('unit-finished').locator('summary').click()
await town.find('unit-finished').getByTestId(`duty-${own.id}`).getByTestId('attachments').waitFor()
const [download] = await Promise.all([town.page.waitForEvent('download'), town.find('unit-finished').locator(`[data-attachment="${digest}"]`).click()])
check(download.suggestedFilename() === '现场 1.png', download.suggestedFilename())
await town.picture('unit-5-done')
const width = await town.page.evaluate(() => document.documentElement.scrollWidth)
check(width <= 360, `on a telephone the page is ${width} wide`)
await town.find('language').click()
await town.picture('unit-6-english')
await town.find('language').click()

// ---- the town says what it sees ------------------------------------------------------------------------------------------

const place = town.find(`own-incident-${incident}`)
await place.getByTestId('report-open').click()
await place.getByTestId('fact-form').waitFor()
const factOf = async (name) => (await machine.get(`/incidents/${incident}`)).facts.find((fact) => fact.name === name)
const asked = await place.locator('.ask').evaluateAll((rows) => rows.map((row) => row.dataset.fact))
const questions = await machine.get(`/incidents/${incident}/questions`)
const wanted = questions.scales.flatMap(({ ask }) => ask.map(({ fact }) => questions.facts.find(({ name }) => name === fact)))
  .map((fact) => (fact.derived ? fact.from : fact.name)) // what runs by itself is asked for by when it began
check(asked.length > 0 && asked.every((name) => wanted.includes(name)), 'what is asked is not what would tell more')
await expectNoBarrier(town, 'the form of facts on a telephone')
check(await place.getByTestId('facts-save').isDisabled(), 'nothing can be reported')
// Any other fact can be taken in; how it is written is the duty room's: a range, and what it is expected to be.
const number = (await machine.get(`/incidents/${incident}`)).facts.findIndex(({ name }) => name === '过火面积')
if (!asked.includes('过火面积')) {
  await place.locator('.others summary').click()
  await place.getByTestId('fact-search').fill('过火面积')
  await place.getByTestId(`fact-pick-${number}`).click()
}
await place.getByTestId(`fact-${number}`).fill('2..4亩')
const seenAt = writtenTime(-10) // not a time of the day: a fire that has burnt for half a day stands at the highest level
await place.getByTestId('fact-as-of').fill(seenAt)
await place.getByTestId('fact-basis').selectOption('predicted') // the plan lets it be expected
await until(async () => (await place.getByTestId('draft-note').getAttribute('data-state')) === 'kept', 'the facts are kept as a draft')
await town.picture('unit-6a-facts')
await town.page.screenshot({ path: `${pictures}/unit-6a-facts-whole.png`, fullPage: true })
check((await town.page.evaluate(() => document.documentElement.scrollWidth)) <= 360, 'the form of facts is wider than the telephone')
await place.getByTestId('facts-save').click()
const claim = await until(async () => (await factOf('过火面积')).claims[0], 'the fact is in the log')
check(claim.source === '凤凰镇' && claim.basis === 'predicted' && Date.parse(claim.as_of) === Date.parse(`${seenAt.replace(' ', 'T')}:00+08:00`), `${claim.source}, ${claim.as_of}`)
check((await factOf('过火面积')).state === 'range', 'it was no range')
await until(async () => (await place.getByTestId(`fact-${number}`).count()) === 0 || (await place.getByTestId(`fact-${number}`).inputValue()) === '', 'the form is empty again')
// What the server does not take is told in the form.
const refused = place.locator('.ask input').first()
await refused.fill('很多')
await place.getByTestId('facts-save').click()
await place.locator('.ask.bad').waitFor()
await refused.fill('')
await place.getByTestId('report-open').click()
check((await place.getByTestId('order-open').count()) === 0, 'an order is offered to who may give none')

// ---- the server goes, and comes again ------------------------------------------------------------------------------------

await server.kill()
await until(async () => (await town.find('live').getAttribute('data-live')) === 'no', 'the page says that its line is cut')
await server.start()
await until(async () => (await town.find('live').getAttribute('data-live')) === 'yes', 'the page is live again', 60)

// ---- the commander, on his own telephone; the town hears of it -----------------------------------------------------------

const chief = await server.client('commander', secret)
const { secret: shared } = await chief.post('/second-factor', { password: secret })
await chief.post('/second-factor/confirmation', { code: codeOf(shared, 0) })
const commander = await open('commander', { width: 360, height: 740 }, () => codeOf(shared, 1)) // none is taken twice
const proposal = (await machine.get(`/incidents/${incident}`)).proposals.find(({ status }) => status === 'open')

// A deputy acts for nobody, until the commander lets him.
const deputy = await open('deputy', { width: 360, height: 740 })
await deputy.page.getByText('不代表任何单位').waitFor()
check((await deputy.find(`proposal-${proposal.id}`).count()) === 0, 'a proposal is shown to somebody who cannot decide it')
await chief.post('/delegations', { party: '区森防指', to: 'deputy', until: new Date(Date.now() + 3_600_000).toISOString(), reason: '外出' })
await deputy.find(`proposal-${proposal.id}`).waitFor()
await deputy.page.getByText('不代表任何单位').waitFor({ state: 'detached' })
check((await deputy.find(`proposal-${proposal.id}`).innerText()).includes('区森防指'), 'it is not told for whom he decides')
await commander.picture('unit-7-commander')
await commander.find(`proposal-${proposal.id}`).getByTestId('proposal-accept').click()
await until(async () => (await machine.get(`/incidents/${incident}`)).orders.some(({ level }) => level === proposal.to), 'the order is given')
await until(async () => (await town.find(`own-incident-${incident}`).innerText()).includes(`命令 ${proposal.to}`), "the order reaches the town's page")

// Nobody has proposed it: the commander orders another level, gives a reason, and ends it; what has changed meanwhile is told first.
const seat = commander.find(`own-incident-${incident}`)
const orderOf = async () => (await machine.get(`/incidents/${incident}`)).orders.at(-1)
const ladder = (await machine.get(`/incidents/${incident}`)).scales.find(({ ordered }) => ordered)
const above = ladder.levels.at(-1)
await seat.getByTestId('order-open').click()
await seat.getByTestId('unit-order').waitFor()
await seat.locator(`[data-level="${above}"]`).click()
await expectNoBarrier(commander, 'the form of an order on a telephone')
check((await commander.page.evaluate(() => document.documentElement.scrollWidth)) <= 360, 'the form of an order is wider than the telephone')
await seat.getByTestId('order-give').click()
await until(async () => (await seat.getByTestId('write-note').getAttribute('data-state')) === 'unsaved', 'without a reason it is refused')
check((await orderOf()).level === proposal.to, 'it was taken without a reason')
await seat.getByTestId('order-reason').fill('风力加大，提前升级')
// The incident changes while the line to his page is slow: what he has before him is past.
await commander.page.route('**/api/v1/own', (route) => route.abort())
await machine.post(`/incidents/${incident}/facts`, { facts: { 被困: 1 }, source: '街道' })
await seat.getByTestId('order-give').click()
await until(async () => (await seat.getByTestId('write-note').innerText()).includes('刚刚有了变化'), 'it is told that it has changed')
check((await orderOf()).level === proposal.to, 'an order on what was past was taken')
await commander.picture('unit-7a-outdated')
await commander.page.unroute('**/api/v1/own')
let told = 0
commander.page.on('response', (response) => response.url().endsWith('/own') && response.ok() && told++)
await machine.post(`/incidents/${incident}/facts`, { facts: { 被困: 1 }, source: '村民' })
await until(() => told > 0, 'the page reads anew')
await until(async () => {
  await seat.getByTestId('order-give').click().catch(() => undefined)
  return (await orderOf()).level === above
}, 'the order is given')
const given = await orderOf()
check(given.override && given.by === '区森防指' && given.reason === '风力加大，提前升级', `${given.by}: ${given.reason}`)
await seat.getByTestId('unit-order').waitFor({ state: 'detached' })
await until(async () => (await seat.innerText()).includes(`命令 ${above}`), 'his page has it')
await seat.getByTestId('order-open').click()
await seat.locator(`[data-level="${above}"]`).waitFor({ state: 'detached' })
await seat.locator('[data-level=""]').click()
await seat.getByTestId('order-reason').fill('误判')
await commander.picture('unit-7b-end')
await seat.getByTestId('order-give').click()
await until(async () => (await orderOf()).level === null, 'it is ended')
check((await deputy.find(`own-incident-${incident}`).getByTestId('order-open').count()) === 1, 'the deputy cannot order')

// A document that went to the town is on its page, and can be saved.
const paper = await machine.get(`/incidents/${incident}/documents/书面首报`)
const signed = (await machine.post(`/incidents/${incident}/documents`, { form: '书面首报', title: '凤凰镇山火首报', body: paper.body, addressees: ['凤凰镇'], by: paper.signers[0], spoken: { who: '主任', from: '110' } })).sequence
await machine.post(`/incidents/${incident}/dispatches`, { form: '书面首报', document: signed, party: '凤凰镇', way: 'print' })
const received = town.find(`received-${signed}`)
await received.waitFor()
const [saved] = await Promise.all([town.page.waitForEvent('download'), received.getByTestId('received-file').click()])
check(saved.suggestedFilename() === '书面首报.pdf', saved.suggestedFilename())
await received.scrollIntoViewIfNeeded()
await expectNoBarrier(town, 'a document on a telephone')
check((await town.page.evaluate(() => document.documentElement.scrollWidth)) <= 360, 'a document is wider than the telephone')
await town.picture('unit-7d-document')

// What the town writes in is merged away meanwhile: the card stays under its hands, and says so.
const second = (await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title: '同一场火' })).incident
await machine.post(`/incidents/${second}/bindings`, { role: '属地镇街', unit: '凤凰镇' })
const double = town.find(`own-incident-${second}`)
await double.getByTestId('report-open').click()
await double.locator('.ask input').first().fill('还没写完')
await machine.post(`/incidents/${second}/merging`, { into: incident, reason: '同一场火' })
await double.getByText('并入了别的事件').waitFor()
check((await double.locator('.ask input').first().inputValue()) === '还没写完', 'what was written is gone')
check(await double.locator('.ask input').first().evaluate((field) => field === document.activeElement), 'the keyboard has been taken away')
await town.picture('unit-7c-merged')
await place.getByTestId('report-open').focus()
await double.waitFor({ state: 'detached' })

// ---- the duty room sees the photo ------------------------------------------------------------------------------------------

const officer = await Person.at(browser, server)
await officer.signIn('admin', server.password)
await officer.find(`incident-${incident}`).click()
await officer.find('duties-all').check()
await officer.find(`duty-${own.id}`).getByTestId('attachments').waitFor()
await officer.find('timeline').getByTestId('attachments').first().waitFor()
await officer.find(`duty-${own.id}`).scrollIntoViewIfNeeded()
await officer.picture('unit-8-desk')
const other = (await dutiesOf()).find(({ status, kind }) => status === 'owed' && kind === 'duty')
await officer.find(`duty-${other.id}`).getByTestId('duty-answer').click()
await officer.find(`duty-${other.id}`).getByTestId('file-choose').setInputFiles({ name: '传真.txt', mimeType: 'text/plain', buffer: Buffer.from('已收到') })
await until(async () => (await officer.find(`duty-${other.id}`).locator('[data-file="传真.txt"]').getAttribute('data-state')) === 'done', 'the file is at the server')
await officer.find(`duty-${other.id}`).scrollIntoViewIfNeeded()
await officer.picture('unit-9-desk-file')
await officer.find(`duty-${other.id}`).getByTestId('duty-done').click()
await until(async () => (await dutyOf(other.id)).attachments.length === 1, 'it is done with its file')
for (const person of [town, commander, deputy, officer]) await person.leave()
await browser.close()
await server.stop()
