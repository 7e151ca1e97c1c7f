// One fire from its first call to its very end, by the pages alone: three people in three browsers (the duty room's computer,
// the commander's telephone, a town's), and a fourth who takes the shift over. Nothing is sent or read past the pages.
import { Person, Server, check, fillFacts, openBrowser, pictureFailures, pictures, until, writtenTime } from './desk.mjs'

const secret = 'long enough secret'
const telephone = { width: 360, height: 740 }
const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)

// ---- people, and who is on duty ----------------------------------------------------------------------------------------

const officer = await Person.at(browser, server)
const { page } = officer
await officer.signIn('admin', server.password)
await officer.find('nav-accounts').click()
for (const [name, called, parties] of [['wang', '王值班', null], ['li', '李值班', null], ['chief', '张副区长', ['区森防指', '指挥长']], ['town', '凤凰镇值班', ['凤凰镇']]]) {
  await officer.find('account-name').fill(name)
  await officer.find('account-display-name').fill(called)
  await officer.find('account-password').fill(secret)
  check(!(await officer.find('account-desk').locator('input').isChecked()), 'a right is given that nobody has ticked')
  if (parties === null) await officer.find('account-desk').click()
  for (const party of parties ?? []) {
    await officer.find('account-parties').fill(party)
    await officer.find('account-parties-add').click()
  }
  await officer.find('account-save').click()
  await page.locator(`[data-account="${name}"]`).waitFor()
}
await officer.picture('ending-01-accounts')
await officer.find('nav-shifts').click()
async function setShift(from, to, name, account) {
  await officer.find('shift-from').fill(writtenTime(from))
  await officer.find('shift-until').fill(writtenTime(to))
  await officer.find('shift-main').fill(name)
  await officer.find('shift-main-phone').fill('13800000001')
  await officer.find('shift-main-account').fill(account)
  await officer.find('shift-save').click()
  await until(async () => (await officer.find('shift-main').inputValue()) === '', 'the shift is set')
}
await setShift(-600, 120, '王值班', 'wang')
await setShift(120, 600, '李值班', 'li')
await officer.picture('ending-02-roster')
await officer.changeTo('wang', secret, '王值班')
await officer.find('nav-desk').click()

// ---- the first call; a second one of the same fire -----------------------------------------------------------------------

const offers = page.locator('[data-testid^=offer-]')
async function takeCall(text, place, phone, takes) {
  await page.keyboard.press('Alt+n')
  await page.waitForFunction(() => document.activeElement?.matches('[data-testid="call-text"]'))
  await page.keyboard.insertText(text)
  await until(async () => (await offers.count()) >= takes.length, 'the figures are heard')
  for (const number of takes) await page.keyboard.press(`Alt+${number}`)
  await until(async () => (await page.locator('[data-testid^=offer-][aria-pressed=true]').count()) === takes.length, 'the figures are taken')
  await officer.find('call-place').fill(place)
  await officer.find('call-phone').fill(phone)
  await officer.find('call-text').focus()
  await page.keyboard.press('Control+Enter')
  await officer.find('call-assign').waitFor()
}
await takeCall('凤凰镇皂桷树村后山起火，烧了二十来分钟，过火四五亩', '凤凰镇皂桷树村', '13900001111', [1, 2])
const kinds = officer.find('incident-subject')
await kinds.selectOption({ index: 0 })
await officer.find('incident-title').fill('凤凰镇山火')
await officer.find('incident-open').click()
await page.locator('[data-testid=incident][data-status=open]').waitFor()
const number = Number(await officer.find('incident').getAttribute('data-incident'))
await takeCall('凤凰镇后山的火还在烧，火势控制不住', '凤凰镇皂桷树村', '13900002222', [1])
await officer.find('likely').waitFor()
await officer.picture('ending-03-likely')
await officer.find(`likely-join-${number}`).click()
await page.locator('[data-testid=incident][data-status=open]').waitFor()
const row = (fact) => page.locator(`[data-fact-row="${fact}"]`)
await until(async () => (await row('火势失控').locator('.value').count()) === 1, 'what the second caller said is reported')

// A duty is answered where it stands.
async function answerDuty(duty, proof) {
  const own = officer.find(await duty.getAttribute('data-testid'))
  if (await own.getByTestId('duty-answer').count()) await own.getByTestId('duty-answer').click()
  if (proof) await own.getByTestId('duty-proof').fill(proof)
  await own.getByTestId('duty-done').click()
  await until(async () => !(await own.count()) || (await own.getAttribute('data-status')) !== 'owed', 'the duty is done')
}

// ---- roles; somebody is sent to look -------------------------------------------------------------------------------------

await officer.find('role-offered').first().click()
const bound = (role) => page.locator(`[data-role="${role}"] .bound`)
await bound('属地镇街').waitFor()
for (const [role, unit] of [['有关镇街', '青木关镇'], ['临近镇街', '青木关镇'], ['林区经营主体', '区国有林场']]) {
  const line = page.locator(`[data-role="${role}"]`)
  await line.getByTestId('role-unit').fill(unit)
  await line.getByTestId('role-bind').click()
  await bound(role).waitFor()
}

// The step says what to do, and leads to the duty.
await page.locator('button[data-step="核实火情"]').click()
await page.locator('[data-step-duty="通知核实"]').click()
const wanted = page.locator('li.duty:focus')
await wanted.waitFor()
await answerDuty(wanted, '电话通知凤凰镇派人去看')

const town = await Person.ofUnit(browser, server, 'town', secret, telephone)
const townDuty = (words) => town.page.locator('section.todo article.duty').filter({ hasText: words })
await town.picture('ending-04-town')
await townDuty('派人赶赴现场调查核实').getByTestId('duty-acknowledge').click()
await townDuty('派人赶赴现场调查核实').locator('.saved').first().waitFor()
const place = town.find(`own-incident-${number}`)
async function townReports(facts, picture) {
  if ((await place.getByTestId('report-open').getAttribute('aria-expanded')) !== 'true') await place.getByTestId('report-open').click()
  const form = place.getByTestId('fact-form')
  await form.waitFor()
  await fillFacts(form, facts)
  if (picture) await town.picture(picture)
  await form.getByTestId('facts-save').click()
  await until(async () => (await form.getByTestId('write-note').getAttribute('data-state')) === 'saved', 'the town has reported')
}
await townReports([['火情性质', '森林火灾'], ['发生地', '本区']], 'ending-05-town-confirms')
const scale = page.locator('[data-testid=scale][data-scale="响应"]')
const level = async () => (await scale.getByTestId('scale-level').innerText()).trim()
const order = async () => (await scale.getByTestId('scale-order').innerText()).trim()
await until(async () => (await level()).includes('Ⅳ级'), 'the level is reached')
await officer.picture('ending-06-confirmed')

// ---- what else is known; the response is proposed, and ordered by the commander on his page ------------------------------------

async function officerReports(facts, source, picture) {
  const form = page.locator('[data-testid=fact-form]')
  await fillFacts(form, facts)
  await officer.find('fact-source').fill(source)
  if (picture) await officer.picture(picture)
  await officer.find('facts-save').click()
  await until(async () => (await form.getByTestId('write-note').getAttribute('data-state')) === 'saved', `${source} is written down`)
}
await page.locator('button[data-step="问清火情"]').click()
await officer.find('step-ask').click()
await officerReports([['死亡', '0'], ['重伤', '0'], ['轻伤', '0'], ['直接威胁居民区', false], ['威胁重要设施', false]], '凤凰镇')
const chief = await Person.ofUnit(browser, server, 'chief', secret, telephone)
const proposals = chief.page.locator('article.proposal')
await proposals.first().waitFor()
check((await proposals.count()) === 1, 'more is proposed than one level')
const proposed = await proposals.first().innerText()
check(proposed.includes('Ⅳ级') && proposed.includes('6.2.1.1(1)'), `the proposal: ${proposed}`)
await chief.picture('ending-07-chief')
await proposals.first().getByTestId('proposal-accept').click()
await until(async () => (await order()).includes('Ⅳ级'), 'the response is ordered')

// ---- somebody is missing: a level higher, by telephone; he confirms it later ---------------------------------------------------

await takeCall('我父亲没下来，还有一个老人被困在山上', '凤凰镇皂桷树村', '13900003333', [1])
await officer.find(`likely-join-${number}`).click()
await until(async () => (await level()).includes('Ⅱ级'), 'it reaches the second level')
const card = page.locator('[data-testid=proposals] article.proposal').first()
await card.waitFor()
await card.getByTestId('decide-who').fill('张副区长')
await card.getByTestId('decide-from').fill('65912318')
await officer.picture('ending-08-spoken')
await card.getByTestId('proposal-accept').click()
await until(async () => (await order()).includes('Ⅱ级'), 'the telephone order is in force')
await page.locator('[data-testid=spoken-open]').waitFor()
await chief.find('spoken').first().waitFor()
await chief.picture('ending-09-chief-spoken')
await chief.find('spoken-confirm').first().click()
await page.locator('[data-testid=spoken-open]').waitFor({ state: 'detached' })

// ---- the command post ------------------------------------------------------------------------------------------------------

await page.locator('button[data-step="成立扑火前指"]').click()
await officer.find('step-ask').click()
await officerReports([['前指成立', true]], '区森防指')
const post = page.locator('[data-testid=command][data-command="扑火前指"][data-stands=yes]')
await post.waitFor()
check((await post.locator('[data-position="总指挥"]').innerText()).includes('区政府主要领导'), 'who leads at this level')
check((await post.locator('[data-group]').count()) === 11, 'eleven groups')
check((await post.locator('[data-group="医疗救治组"]').innerText()).includes('区卫生健康委'), 'who leads a group')
await officer.find('jump-command').click()
await officer.picture('ending-10-post')

// ---- forces ----------------------------------------------------------------------------------------------------------------

await page.keyboard.press('Alt+m')
await page.waitForFunction(() => document.activeElement?.matches('.calling-row.next'))
const team = await page.evaluate(() => document.activeElement.dataset.party)
check(team === '凤凰镇综合应急救援队', `${team} is called first`)
const calling = page.locator(`.calling-row[data-party="${team}"]`).first()
await calling.getByTestId('force-people').fill('25')
await page.keyboard.press('Alt+j')
await page.locator(`.calling-row[data-party="${team}"][data-state=coming]`).first().waitFor()
await page.keyboard.press('Alt+m')
await page.keyboard.press('Alt+l')
const force = page.locator(`[data-testid=force][data-party="${team}"]`)
await force.getByTestId('force-people').fill('24')
await force.getByTestId('force-arrived').click()
await until(async () => (await officer.find('forces-there').getAttribute('data-people')) === '24', 'twenty-four are there')
await officer.find('jump-forces').click()
await officer.picture('ending-11-forces')
await page.keyboard.press('Alt+t')

// ---- nobody was trapped: the old figure is struck out, and the level goes down again -----------------------------------------

const trapped = row('被困')
await trapped.locator('[data-testid^=correct-]').first().click()
await trapped.getByTestId('correction-value').fill('0')
await trapped.getByTestId('correction-source').fill('凤凰镇')
await trapped.getByTestId('correction-reason').fill('两位老人都在邻居家')
await trapped.getByTestId('correction-save').click()
await trapped.locator('del').waitFor()
await until(async () => (await level()).includes('Ⅳ级'), 'the level goes down')
await officer.find('jump-known').click()
await officer.picture('ending-12-struck')
await proposals.first().waitFor()
await proposals.first().getByTestId('proposal-accept').click()
await until(async () => (await order()).includes('Ⅳ级'), 'the lower level is ordered')

// ---- by discretion: a level that the facts do not reach, with its reason ------------------------------------------------------

const seat = chief.find(`own-incident-${number}`)
await seat.getByTestId('order-open').click()
await seat.locator('[data-level="Ⅲ级"]').click()
await seat.getByTestId('order-reason').fill('入夜风力加大，提前升级')
await chief.picture('ending-13-discretion')
await seat.getByTestId('order-give').click()
await until(async () => (await order()).includes('Ⅲ级'), 'it is ordered by discretion')
check((await scale.getByTestId('scale-discretion').innerText()).includes('入夜风力加大'), 'why it is another level than the facts give is not shown')
await officer.find('jump-scales').click()
const belowHead = await page.evaluate(() => document.getElementById('section-scales').getBoundingClientRect().top - document.querySelector('.incident-head').getBoundingClientRect().bottom)
check(belowHead >= 0, `the heading is ${-belowHead} below the head`)
await officer.picture('ending-14-discretion')

// ---- the reports: by telephone within half an hour, in writing within the hour ------------------------------------------------

const documentOf = (person, form) => person.page.locator(`[data-testid=document][data-form="${form}"]`)
async function openDocument(person, form) {
  const paper = documentOf(person, form)
  if ((await paper.getByTestId('document-open').getAttribute('aria-expanded')) !== 'true') await paper.getByTestId('document-open').click()
  return paper
}
// To everybody who is still owed it, one after the other.
async function sendToAll(paper, way) {
  for (let left = Number(await paper.getAttribute('data-open')); left > 0; left = Number(await paper.getAttribute('data-open'))) {
    const form = paper.getByTestId('dispatch-form').first()
    if (way) await form.getByTestId('dispatch-way').selectOption(way)
    await form.getByTestId('dispatch-spoken-with').fill('值班员')
    await form.getByTestId('dispatch-save').click()
    await until(async () => Number(await paper.getAttribute('data-open')) < left, 'one more has it')
  }
}
async function waitDrafted(paper) {
  await until(async () => (await paper.getByTestId('document-body').inputValue()).includes('凤凰镇山火'), 'it is drafted')
  await until(async () => (await paper.getByTestId('document-preview').count()) === 1 && (await paper.getByTestId('document-preview').getAttribute('data-fresh')) === 'yes', 'it is set')
}
const script = await openDocument(officer, '首报电话稿')
await script.getByTestId('document-script').waitFor()
await sendToAll(script)
const first = await openDocument(officer, '书面首报')
await waitDrafted(first)
await first.getByTestId('decide-who').fill('何主任')
await first.getByTestId('decide-from').fill('65512350')
await officer.picture('ending-15-first-report')
await first.getByTestId('document-sign').click()
await first.locator('[data-testid^=signed-]').first().waitFor()
await sendToAll(first, 'fax')
await officer.picture('ending-16-first-report-sent')
await first.getByTestId('document-open').click()

// ---- the fire is out; the ground is cleared, guarded, and inspected ------------------------------------------------------------

await townReports([['明火扑灭', true]])
await townDuty('继续组织扑火人员清理余火').waitFor()
await townDuty('未经检查验收达到无火、无烟、无汽').waitFor()
await town.picture('ending-17-town-guard')
for (const words of ['继续组织扑火人员清理余火', '留足人员看守']) {
  await townDuty(words).getByTestId('duty-acknowledge').click()
  await townDuty(words).locator('.saved').first().waitFor()
}
await page.locator('button[data-step="清理看守和验收"]').click()
await officer.picture('ending-18-clearing')
await officer.find('step-ask').click()
const asked = page.locator('[data-testid=fact-form] [data-fact="清理验收"]')
check((await asked.innerText()).includes('无火、无烟、无汽'), 'what is asked of the ground')
await officerReports([['清理验收', true]], '区应急局')
await until(async () => (await page.locator('button[data-step="清理看守和验收"]').getAttribute('data-state')) === 'done', 'the ground is accepted')
await officer.picture('ending-19-accepted')

// ---- the end is proposed, and ordered ------------------------------------------------------------------------------------------

check((await proposals.count()) === 0, 'the end is proposed before what follows from the fire is dealt with')
await page.locator('button[data-step="终止响应"]').click()
await officer.find('step-ask').click()
await officerReports([['次生灾害消除', true]], '区应急局')
await proposals.first().waitFor()
await officer.picture('ending-20-end-officer')
await chief.picture('ending-21-end-chief')
const ending = await proposals.first().innerText()
check(ending.includes('终止'), `the end is proposed: ${ending}`)
check((await officer.find('step-body').innerText()).includes('6.5#1'), 'the step names the clause')
await proposals.first().getByTestId('proposal-accept').click()
await until(async () => !/级/.test(await order()), 'the response is ended')

// ---- the final report, which the commander signs himself ------------------------------------------------------------------------

await chief.find('nav-desk').click()
await chief.page.locator('[data-testid=desk][data-ready=yes]').waitFor()
await chief.find('tab-left').click()
await chief.find(`incident-${number}`).click()
await documentOf(chief, '书面终报').waitFor()
const final = await openDocument(chief, '书面终报')
await waitDrafted(final)
await final.getByTestId('decide-by').selectOption('指挥长')
await final.getByTestId('document-sign').scrollIntoViewIfNeeded()
await final.getByTestId('document-sign').click()
await final.locator('[data-testid^=signed-]').first().waitFor()
const sent = await openDocument(officer, '书面终报')
await sent.locator('[data-testid^=signed-]').first().waitFor()
await sendToAll(sent, 'fax')
await sent.getByTestId('document-open').click()

// ---- the town proves what it owes ---------------------------------------------------------------------------------------------

const photo = await page.screenshot()
const townOwed = town.page.locator('section.todo article.duty[data-status=owed][data-kind=duty]').filter({ hasText: '凤凰镇山火' })
await town.picture('ending-22-town-owes')
for (const words of ['查清后书面终报', '总结起火原因和教训']) {
  const own = town.find(await townDuty(words).getAttribute('data-testid'))
  await own.getByTestId('duty-answer').click()
  await own.getByTestId('duty-proof').fill('已办，见照片')
  await own.getByTestId('file-camera').setInputFiles({ name: '火场.png', mimeType: 'image/png', buffer: photo })
  await own.locator('[data-file="火场.png"][data-state=done]').waitFor()
  await town.picture('ending-23-town-photo')
  await own.getByTestId('duty-done').click()
  await own.locator('[data-attachment]').first().waitFor()
}
// Each as it comes next: the one that has been done stands above it for a moment, and no press is lost by its going.
while (await townOwed.count()) {
  const own = town.find(await townOwed.first().getAttribute('data-testid'))
  await own.getByTestId('duty-answer').click()
  await own.getByTestId('duty-done').click()
  await until(async () => !(await own.count()) || (await own.getAttribute('data-status')) !== 'owed', 'the town has done it')
}

// ---- the next shift takes over -------------------------------------------------------------------------------------------------

await officer.find('nav-shifts').click()
await officer.find('handover-notes').fill('凤凰镇山火响应已终止，终报已传真三家；还有几家没有回话')
await officer.find('handover-note').click()
await officer.find('handover-written').waitFor()
await officer.changeTo('li', secret, '李值班')
await officer.find('handover-accept').click()
await until(async () => (await officer.find('on-duty').getAttribute('data-shift')) === '2', 'the next shift has taken over')
await officer.find('nav-desk').click()
await officer.find(`incident-${number}`).click()
await page.locator('[data-testid=incident][data-status=open]').waitFor()
await officer.picture('ending-24-taken')

// ---- the post is dissolved, the team goes home; what others have done is told by telephone ------------------------------------------

const owed = page.locator('li.duty[data-status=owed]')
await answerDuty(owed.and(page.locator('[data-kind=decision]')).first(), '张副区长宣布')
await officerReports([['前指成立', false]], '区森防指')
await page.locator('[data-testid=command][data-command="扑火前指"][data-stands=no]').waitFor()
await force.getByTestId('force-released').click()
await until(async () => (await officer.find('forces-there').getAttribute('data-people')) === '0', 'the team has left')
const left = owed.and(page.locator('[data-kind=duty]'))
while (await left.count()) await answerDuty(left.first(), '对方值班员，电话回复')
await officer.picture('ending-25-answered')

// ---- the incident is closed, and nothing is owed -----------------------------------------------------------------------------------

await officer.find('jump-closing').click()
await officer.find('incident-close-open').click()
check((await officer.find('incident-close-owed').count()) === 0, 'something is owed')
await officer.find('incident-close-reason').fill('火已扑灭，看守已撤，各项都已办结')
// The first report was signed by telephone, and nobody of that office has confirmed it: whoever closes says that he knows.
check((await officer.find('incident-close-unconfirmed').count()) === 1, 'it is not said what is unconfirmed')
await officer.find('incident-close-accept').check()
await officer.picture('ending-26-close')
await officer.find('incident-close').click()
await page.locator('[data-testid=incident][data-status=closed]').waitFor()
const told = await officer.find('timeline').innerText()
for (const words of ['入夜风力加大，提前升级', '两位老人都在邻居家', '火已扑灭，看守已撤']) check(told.includes(words), `the timeline does not tell: ${words}`)

// ---- looking back at three moments ---------------------------------------------------------------------------------------------------

await officer.find('incident-audit').click()
const audit = officer.find('audit')
await page.locator('[data-testid=audit][data-ready=yes]').waitFor()
await officer.picture('ending-27-audit')
const orders = officer.find('decisions').locator('[data-decision=order]')
const sequences = await orders.evaluateAll((rows) => rows.map((one) => one.dataset.sequence))
check(sequences.length === 5, `${sequences.length} orders were given`)
async function lookBack(order, level, because) {
  await page.evaluate((hash) => { location.hash = hash }, `#/audit/${number}/${sequences[order]}`)
  await page.locator(`[data-testid=audit][data-ready=yes][data-sequence="${sequences[order]}"]`).waitFor()
  check((await orders.count()) === order + 1, 'what was decided later is shown')
  check((await audit.getByTestId('scale').first().getByTestId('scale-order').innerText()).includes(level), `it is not ${level}`)
  const decision = await orders.last().innerText()
  check(because.every((words) => decision.includes(words)), `decided: ${decision}`)
  await officer.picture(`ending-28-order-${order}`)
}
await lookBack(1, 'Ⅱ级', ['电话指令', '张副区长', '65912318', '6.2.3.1(3)'])
check((await audit.locator('[data-fact-row="被困"] del').count()) === 0, 'the correction is known before it was made')
await lookBack(3, 'Ⅲ级', ['入夜风力加大，提前升级'])
check((await audit.locator('[data-fact-row="被困"] del').count()) === 1, 'the correction is not known')
await lookBack(4, '终止', ['张副区长'])
check((await audit.getByTestId('forces-there').getAttribute('data-people')) === '24', 'the team had not left yet')
for (const person of [officer, chief, town]) await person.leave()
await browser.close()
await server.stop()
console.log(`pictures are in ${pictures}`)
