// Looking back: an incident of an hour is gone through moment by moment, by keyboard and by a time that is typed; each moment
// shows what stood then and nothing of what came later; nothing can be done there; what was late, who decided, and the head of
// the log, which `pinyue log verify` takes. In both languages, on a desk's screen and on a telephone's.
import { execFileSync } from 'node:child_process'
import { Person, Server, check, openBrowser, pictureFailures, pictures, until } from './desk.mjs'

const secret = 'long enough secret'
const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)

const machine = await server.client()
await machine.post('/accounts', { name: 'wang', display_name: '王值班', password: secret, desk: true })
const { call } = await machine.post('/calls', { text: '山上冒烟', place: '凤凰镇', caller: '王某', phone: '13900000000' })
const { incident } = await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title: '凤凰镇山火', call })
await machine.post(`/incidents/${incident}/facts`, { facts: { 火情性质: '森林火灾', 发生地: '本区', 火势失控: true }, source: '凤凰镇' })
const order = await machine.post(`/incidents/${incident}/orders`, { scale: '响应', level: 'Ⅳ级', by: '区森防指', reason: '火势失控', spoken: { who: '张副区长', from: '65912318' } })
const claim = (await machine.get(`/incidents/${incident}`)).facts.find(({ name }) => name === '火势失控').claims[0]
await machine.post(`/incidents/${incident}/claims/${claim.number}/correction`, { value: false, source: '凤凰镇' })

const draft = await machine.get(`/incidents/${incident}/documents/${encodeURIComponent('书面首报')}`)
const { sequence: paper } = await machine.post(`/incidents/${incident}/documents`, { form: '书面首报', title: draft.title, body: draft.body, addressees: draft.addressees, by: draft.signers[0], spoken: { who: '主任', from: '13977778888' } })
await machine.post(`/incidents/${incident}/dispatches`, { form: '书面首报', document: paper, party: draft.addressees[0], way: 'fax' })
const correction = (await machine.get(`/incidents/${incident}`)).timeline.find(({ kind }) => kind === 'correct').sequence

const person = await Person.at(browser, server)
await person.signIn('wang', secret)
await person.find(`incident-${incident}`).first().click()
await person.find('incident-audit').click()
const ready = () => person.page.locator('[data-testid=audit][data-ready=yes]').waitFor()
const level = async () => (await person.find('audit').getByTestId('scale').first().getByTestId('scale-order').innerText()).trim()
await ready()
check((await level()).includes('Ⅳ级'), 'the present shows the order')
check(await person.find('decisions').locator('[data-decision=order]').count() === 1, 'the decision is listed')
const decision = await person.find('decisions').innerText()
check(['区森防指', '张副区长', '65912318', '火势失控', '管理员 Administrator（admin）'].every((word) => decision.includes(word)), `who decided and why: ${decision}`)
check((await person.find('saw').innerText()).includes('Ⅳ级'), 'what the decider had before him')
await person.picture('audit-1-now')

// What was signed, by whom, and how it went to whom.
await until(async () => await person.find('audit-documents').locator('[data-document]').count() === 1, 'the document is listed')
const papers = await person.find('audit-documents').innerText()
check(['书面首报', '主任', '传真', '区委'].every((word) => papers.includes(word)), `what was signed and sent: ${papers}`)
check((await person.find('decisions').locator('[data-decision=document]').innerText()).includes('主任'), 'who signed stands under what was decided')

// Nothing can be done there.
for (const id of ['order-open', 'duty-acknowledge', 'duty-answer', 'role-unit', 'merge-open', 'incident-close-open', 'force-outside-open']) {
  check(await person.find('audit').getByTestId(id).count() === 0, `${id} is offered in what is past`)
}
check(await person.find('audit').locator('[data-testid^=correct-]').count() === 0, 'a claim of the past can be corrected')

// Back by the keyboard, one moment at a time, to where no order had been given.
await person.page.evaluate((hash) => { location.hash = hash }, `#/audit/${incident}/${correction}`)
await until(async () => await person.find('audit').getAttribute('data-sequence') === String(correction), 'the correction')
await ready()
check(await person.find('audit-documents-none').count() === 1, 'nothing was signed by then')
await person.page.evaluate((hash) => { location.hash = hash }, `#/audit/${incident}/${paper}`)
await until(async () => await person.find('audit').getAttribute('data-sequence') === String(paper), 'the signature')
await ready()
await person.find('moment-slider').focus()
const sequence = async () => Number(await person.find('audit').getAttribute('data-sequence'))
await person.page.keyboard.press('ArrowLeft') // the correction
await until(async () => (await sequence()) > order.sequence && /更正/.test(await person.find('moment-words').innerText()), 'the correction is the moment before')
await person.page.keyboard.press('ArrowLeft')
await until(async () => (await sequence()) === order.sequence, 'the order is the moment before that')
await ready()
check(await person.find('audit').locator('[data-fact-row="火势失控"] del').count() === 0, 'a correction is known before it was made')
await person.page.keyboard.press('ArrowLeft')
await until(async () => (await sequence()) < order.sequence, 'before the order')
await ready()
check(!(await level()).includes('Ⅳ级'), 'before the order there is none')
check(await person.find('decisions-none').count() === 1, 'and nothing has been decided')
check(await person.find('audit').locator('[data-testid^=proposal-]').count() > 0, 'the proposal stood')
check(new URL(person.page.url()).hash.startsWith(`#/audit/${incident}/`), `the address says which moment: ${person.page.url()}`)
await person.picture('audit-2-before')

// The whole record is saved, and proves itself.
const [record] = await Promise.all([person.page.waitForEvent('download'), person.find('audit-record').click()])
check(record.suggestedFilename() === `incident-${incident}-record.zip`, `the record's name: ${record.suggestedFilename()}`)
const proved = execFileSync(process.env.PINYUE, ['log', 'verify', '--zip', await record.path()], { encoding: 'utf8' })
check(proved.includes('The record is sound'), proved)

// The head is one of this log.
const head = await person.find('audit-head').innerText()
execFileSync(process.env.PINYUE, ['log', 'verify', '--data', server.folder, '--head', head])

// The same address on another page shows the same moment.
const before = await sequence()
await person.page.reload()
await ready()
check((await sequence()) === before, 'the address leads to another moment')

await person.page.evaluate((hash) => { location.hash = hash }, `#/audit/${incident}/${order.sequence}`)
await until(async () => (await sequence()) === order.sequence, 'another address of the same incident leads there')
await ready()

// A time that is typed; before the incident there is nothing to see, and the page says so.
await person.find('moment-typed').fill('2001-01-01 8:00')
await person.find('moment-see').click()
await until(async () => /当时/.test(await person.find('audit-problem').innerText()), 'before the log there is nothing')
await person.find('moment-typed').fill('nonsense')
await person.page.keyboard.press('Enter')
await person.page.getByText('时刻没有看懂').waitFor()
check(await person.find('decisions').count() === 0, 'under a moment that is refused stands another one')
await person.page.evaluate((hash) => { location.hash = hash }, `#/audit/${incident}/99999`)
await until(async () => /99999/.test(await person.find('audit-problem').innerText()), 'an address without a moment says so')
await person.find('moment-now').click()
await ready()

// A clause leads to the duty that it asks for.
const clause = person.find('saw').locator('[data-clause]').first()
await clause.focus()
await person.page.keyboard.press('Enter')
await until(async () => person.page.evaluate(() => document.activeElement?.id === 'section-scales' || document.activeElement?.dataset.testid?.startsWith('duty-')), 'a clause leads somewhere')

await person.find('language').click()
await person.page.getByText('Who decided what').waitFor()
await person.picture('audit-3-english')
await person.find('language').click()
await person.find('audit-back').click()
await until(async () => await person.find('facts-known').count() === 1 && await person.find('audit').count() === 0, 'back at the incident')
check(await person.find('order-open').count() > 0, 'the present offers again what can be done')
await person.leave()

const phone = await Person.at(browser, server, { width: 360, height: 740 })
await phone.signIn('wang', secret)
await phone.page.goto(`${server.url}#/audit/${incident}/${order.sequence}`)
await phone.page.locator('[data-testid=audit][data-ready=yes]').waitFor()
check(Number(await phone.find('audit').getAttribute('data-sequence')) === order.sequence, 'the address names the moment on a telephone too')
await phone.picture('audit-4-phone')
const width = await phone.page.evaluate(() => document.documentElement.scrollWidth)
check(width <= 360, `on a telephone the page is ${width} wide`)
await phone.leave()
await browser.close()
await server.stop()
console.log(`pictures are in ${pictures}`)
