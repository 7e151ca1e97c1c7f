// Plays one fire on a server of its own, in the browser, and takes the pictures of docs/tour.md on the way. What a picture is
// about is done on the page; what only leads there is sent as another program would send it. Started by make-tour.sh.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, Server, check, openBrowser, pictureFailures, pictures, until } from '../tests/browser/desk.mjs'

const secret = 'long enough secret'
const telephone = { width: 360, height: 740 }
const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)
const machine = await server.client()
const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString()

// Brings a part of the page to the top of its column, below what stays there, and pictures the window.
async function pictureOf(person, part, name) {
  await part.evaluate((node) => {
    node.scrollIntoView({ block: 'start' })
    const head = document.querySelector('.incident-head, .unit-bar')
    const hidden = head ? head.getBoundingClientRect().bottom + 8 - node.getBoundingClientRect().top : 0
    let box = node.parentElement
    while (box && box.scrollTop === 0) box = box.parentElement
    if (box) box.scrollTop -= hidden
    for (const fading of document.getAnimations()) if (fading instanceof CSSTransition) fading.finish()
  })
  await person.picture(name)
}

// What has been typed in this part is at the server, and the page says so.
async function waitKept(part) {
  await part.locator('[data-testid=draft-note][data-state=kept]').first().waitFor()
}

// ---- people, and who is on duty -------------------------------------------------------------------------------------------

for (const [name, called, parties] of [['wang', '王值班', null], ['li', '李值班', null], ['chief', '张副区长', ['区森防指']], ['town', '凤凰镇值班', ['凤凰镇']]]) {
  await machine.post('/accounts', { name, display_name: called, password: secret, ...(parties ? { parties } : { desk: true }) })
}
const early = { from: at(-600), until: at(120), leader: { name: '陈局长', phone: '65900001' }, main: { name: '王值班', phone: '13800000001', account: 'wang' }, second: { name: '孙副班' } }
await machine.post('/shifts', early)
await machine.post('/shifts', { from: at(120), until: at(600), main: { name: '李值班', phone: '13800000002', account: 'li' } })

// ---- the first call, and the incident -------------------------------------------------------------------------------------

const officer = await Person.at(browser, server)
await officer.signIn('wang', secret)
const { page } = officer
await page.keyboard.press('Alt+n')
await page.keyboard.type('凤凰镇皂桷树村后山起火，烧了二十来分钟，过火四五亩，有个老人没下来')
await until(async () => (await page.locator('[data-testid^=offer-]').count()) === 3, 'three figures are heard')
await page.keyboard.press('Alt+1')
await page.keyboard.press('Alt+2')
await page.locator('[data-testid^=offer-][aria-pressed=true]').nth(1).waitFor()
for (const [field, text] of [['call-place', '凤凰镇皂桷树村'], ['call-caller', '刘某'], ['call-phone', '13900001111']]) await officer.find(field).fill(text)
await officer.find('call-text').focus()
await waitKept(officer.find('call-panel'))
await officer.picture('01-call')
await page.keyboard.press('Control+Enter')
await officer.find('call-assign').waitFor()
const kinds = officer.find('incident-subject')
if (await kinds.evaluate((node) => node.tagName === 'SELECT')) await kinds.selectOption({ index: 0 })
await officer.find('incident-title').fill('凤凰镇山火')
await officer.find('incident-open').click()
await page.locator('[data-testid=incident][data-status=open]').waitFor()
const number = Number(await officer.find('incident').getAttribute('data-incident'))
const show = () => machine.get(`/incidents/${number}`)
const report = (facts, source) => machine.post(`/incidents/${number}/facts`, { facts, source })
const sectionOf = (id) => page.locator(`#section-${id}`)
await until(async () => (await show()).facts.filter(({ claims }) => claims.length).length === 2, 'what was taken of the call is reported')
await officer.find('role-offered').first().click() // the town that the place names
await until(async () => (await show()).roles.some(({ units }) => units.includes('凤凰镇')), 'the town is bound')
for (const [role, unit] of [['有关镇街', '青木关镇'], ['临近镇街', '青木关镇'], ['林区经营主体', '区国有林场']]) await machine.post(`/incidents/${number}/bindings`, { role, unit })

// ---- what to ask next; a level is proposed --------------------------------------------------------------------------------

await officer.find('step-ask').click()
await page.waitForFunction(() => document.activeElement?.closest('[data-testid=fact-form] [data-fact]'))
if (await officer.find('fact-more').isVisible()) await officer.find('fact-more').click()
for (const choice of ['森林火灾', '本区']) await page.locator(`[data-testid=fact-form] [data-choice="${choice}"]`).first().click()
await page.locator('[data-testid=fact-form] [data-fact="被困"] input').first().fill('至少1')
await officer.find('fact-source').fill('凤凰镇')
await waitKept(officer.find('fact-form'))
await pictureOf(officer, sectionOf('facts'), '02-ask-next')
await officer.find('facts-save').click()
const scale = page.locator('[data-testid=scale][data-scale="响应"]')
await until(async () => (await scale.getByTestId('scale-level').innerText()).includes('Ⅱ级'), 'the level is reached')
const { proposal } = (await show()).scales.find(({ name }) => name === '响应')
const card = officer.find(`proposal-${proposal}`)
await card.getByTestId('decide-who').fill('张副区长')
await card.getByTestId('decide-from').fill('65912318')
await waitKept(card)
await pictureOf(officer, sectionOf('scales'), '03-proposal')

// ---- the order, by telephone; who gave it confirms it; whom to call now ---------------------------------------------------------------------

await card.getByTestId('proposal-accept').click()
await until(async () => (await scale.getByTestId('scale-order').innerText()).includes('Ⅱ级'), 'the order is in force')
const chief = await Person.ofUnit(browser, server, 'chief', secret, telephone)
await chief.find('spoken').first().waitFor()
await pictureOf(chief, chief.find('spoken').first(), '04-order-to-confirm')
await chief.find('spoken-confirm').first().click()
await page.locator('[data-testid=spoken][data-status=confirmed]').first().waitFor()
await chief.leave()
await page.keyboard.press('Alt+t')
await page.waitForFunction(() => document.activeElement?.closest('[data-testid^="notice-"][data-state=open]'))
await pictureOf(officer, sectionOf('scales'), '05-to-call')

// ---- the command post, the chart ------------------------------------------------------------------------------------------

await report({ 前指成立: true }, '区森防指')
await page.locator('[data-testid=command][data-stands=yes]').first().waitFor()
await pictureOf(officer, page.locator('[data-testid=command]').filter({ hasText: '前指' }).first(), '06-command-post')
await page.locator('[data-testid=chart-frame] g.lit').first().waitFor()
await officer.find('chart-whole').click()
await officer.find('chart-fit').click()
await officer.picture('07-chart')
await officer.find('chart-whole').click()

// ---- teams are called by the plan's order, and come ------------------------------------------------------------------------------------------

await page.keyboard.press('Alt+m')
await page.waitForFunction(() => document.activeElement?.matches('.calling-row.next'))
const team = await page.evaluate(() => document.activeElement.dataset.party)
await page.locator(`.calling-row[data-party="${team}"]`).first().getByTestId('force-people').fill('25')
await page.keyboard.press('Alt+j')
await page.locator(`.calling-row[data-party="${team}"][data-state=coming]`).first().waitFor()
await machine.post(`/incidents/${number}/forces`, { party: team, step: 'arrived', people: 24 })
await page.locator(`[data-testid=force][data-party="${team}"][data-state=arrived]`).waitFor()
await pictureOf(officer, sectionOf('forces'), '08-forces')
await page.keyboard.press('Alt+t')

// ---- a town on its telephone ----------------------------------------------------------------------------------------------

const town = await Person.ofUnit(browser, server, 'town', secret, telephone)
const duty = await until(async () => (await show()).duties.find(({ bearer, status, kind, name }) => bearer === '凤凰镇' && status === 'owed' && kind === 'duty' && name === '解救被困人员') ??
  (await show()).duties.find(({ bearer, status, kind }) => bearer === '凤凰镇' && status === 'owed' && kind === 'duty'), 'the town owes something')
const own = town.find(`duty-${duty.id}`).first()
await own.getByTestId('duty-acknowledge').click()
await until(async () => (await own.getByTestId('duty-acknowledge').count()) === 0, 'it is acknowledged')
await own.getByTestId('duty-answer').click()
await own.getByTestId('duty-proof').fill('老人已由队员背下山')
await own.getByTestId('file-choose').setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer: await page.screenshot() })
await own.locator('[data-file="现场.png"][data-state=done]').waitFor()
await waitKept(own)
await pictureOf(town, own, '09-unit')
await own.getByTestId('duty-done').click()
await until(async () => (await show()).duties.find(({ id }) => id === duty.id).status === 'done', 'it is done')
await town.leave()

// ---- the first written report ---------------------------------------------------------------------------------------------

const formOf = async (name) => (await machine.get(`/incidents/${number}/documents`)).documents.find(({ form }) => form === name)
async function sign(name, picture) {
  const row = page.locator(`[data-testid=document][data-form="${name}"]`)
  await row.getByTestId('document-open').click()
  await until(async () => (await row.getByTestId('document-body').inputValue()).includes('凤凰镇山火'), `${name} is drafted`)
  const preview = row.getByTestId('document-preview')
  await until(async () => (await preview.count()) === 1 && (await preview.getAttribute('data-fresh')) === 'yes', `${name} is set`)
  await row.getByTestId('decide-who').fill('何主任')
  await row.getByTestId('decide-from').fill('65512350')
  if (picture) await pictureOf(officer, row.getByTestId('document-body'), picture)
  await row.getByTestId('document-sign').click()
  const signed = await until(async () => (await formOf(name)).signed[0], `${name} is signed`)
  for (const party of signed.addressees) {
    await machine.post(`/incidents/${number}/dispatches`, { form: name, document: signed.document, party, way: 'fax', spoken_with: '值班员' })
  }
  await until(async () => (await row.getAttribute('data-open')) === '0', `${name} has reached everybody`)
  return { row, signed }
}
const first = await sign('书面首报', '10-first-report')
await first.row.getByTestId('document-open').click()

// ---- the fire is out, cleared, guarded; the end ---------------------------------------------------------------------------

await report({ 被困: 0, 死亡: 0, 重伤: 0, 明火扑灭: true }, '前线指挥部')
await until(async () => (await show()).duties.some(({ name, status }) => name === '看守火场' && status === 'owed'), 'the ground is guarded')
const clearing = (await show()).duties.find(({ name }) => name === '清理余火')
await officer.find('duties-all').check()
await officer.find(`duty-${clearing.id}`).waitFor()
await page.keyboard.press('Alt+q')
await pictureOf(officer, officer.find(`duty-${clearing.id}`), '11-guarded')
await officer.find('duties-all').uncheck()
await report({ 清理验收: true, 次生灾害消除: true }, '区应急局')
const ending = await until(async () => (await show()).proposals.find(({ status, scale: of, to }) => status === 'open' && of === '响应' && to === null), 'the end is proposed')
const last = officer.find(`proposal-${ending.id}`)
await last.getByTestId('decide-who').fill('张副区长')
await last.getByTestId('decide-from').fill('65912318')
await waitKept(last)
await page.keyboard.press('Alt+q')
await pictureOf(officer, sectionOf('scales'), '12-end')
await last.getByTestId('proposal-accept').click()
await until(async () => (await show()).scales.find(({ name }) => name === '响应').order === null, 'the response is ended')

// ---- the final report, signed: its first page as it is printed ------------------------------------------------------------

const { signed } = await sign('书面终报', null)
const sheet = await officer.context.request.get(`${server.url}api/v1/attachments/${signed.sha256}`)
check(sheet.ok(), `the signed report answers ${sheet.status()}`)
const pdf = join(server.folder, 'final.pdf')
writeFileSync(pdf, await sheet.body())
execFileSync('pdftoppm', ['-png', '-gray', '-r', '80', '-f', '1', '-l', '1', '-singlefile', pdf, join(pictures, '13-final-report')])

// ---- handed over, looked back at, and exercised ---------------------------------------------------------------------------

await machine.post('/shifts/1/correction', { ...early, until: at(-1) })
await machine.post('/shifts/2/correction', { from: at(-1), until: at(479), main: { name: '李值班', phone: '13800000002', account: 'li' } })
await officer.find('nav-shifts').click()
await officer.find('handover-notes').fill('凤凰镇山火响应已终止，终报已传真三家；调查评估和总结还没有报')
await officer.find('handover-note').click()
await officer.find('handover-written').waitFor()
await officer.leave()
const next = await Person.at(browser, server)
await next.signIn('li', secret)
await next.find('nav-shifts').click()
await next.find('handover-accept').waitFor()
await next.picture('14-handover')
await next.find('handover-accept').click()
await until(async () => !(await next.find('shift-line').count()), 'the shift is taken over')

const ordered = (await show()).timeline.find(({ kind }) => kind === 'order').sequence
await next.page.evaluate((hash) => { location.hash = hash }, `#/audit/${number}/${ordered}`)
await next.page.locator(`[data-testid=audit][data-ready=yes][data-sequence="${ordered}"]`).waitFor()
await next.picture('15-looking-back')

await machine.post(`/incidents/${number}/closing`, { reason: '响应已终止，终报已签发', lapse: true })
await next.find('audit-back').click()
await next.page.goto(server.url)
await next.find('exercise-quick').click()
await next.page.locator('[data-testid=exercise-band][data-status=running]').waitFor()
await next.page.locator('[data-testid=scale-order]').filter({ hasText: /Ⅳ级/ }).first().waitFor({ timeout: 90_000 })
await next.picture('16-exercise')
await next.leave()
await browser.close()
await server.stop()
