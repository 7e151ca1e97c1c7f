// Documents of an incident in the browser, by keyboard: the script of the first telephone report read out and noted; the
// written report drafted from the log, changed, previewed, signed off by telephone, sent, and so proved; another's draft is
// not taken for one's own; a leader signs for himself. Then the same in English with the second plan.
import { Person, Server, check, expectNoBarrier, openBrowser, pictureFailures, pictures, until } from './desk.mjs'

const secret = 'long enough secret'
const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)
const machine = await server.client()

const call = (await machine.post('/calls', { text: '山上冒烟', place: '歌乐山三百梯', caller: '王某' })).call
const { incident: number } = await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title: '歌乐山林火', call })
await machine.post(`/incidents/${number}/facts`, { source: '值班员', facts: { 火情性质: '森林火灾', 发生地: '本区', 过火面积: '0.5..0.8 ha' } })
const formOf = async (name) => (await machine.get(`/incidents/${number}/documents`)).documents.find(({ form }) => form === name)
const row = (person, name) => person.page.locator(`[data-testid=document][data-form="${name}"]`)

const officer = await Person.at(browser, server)
await officer.signIn('admin', server.password)
await officer.find(`incident-${number}`).click()
await officer.page.locator(`[data-testid=incident][data-incident="${number}"]`).waitFor()
await officer.page.getByTestId('document').first().waitFor()

// Alt+O leads to the one that is due first. With a clock of ten minutes that is the response's proposal; the script is next.
await officer.page.keyboard.press('Alt+o')
await officer.page.waitForFunction(() => document.activeElement?.matches('[data-testid=document-open][aria-expanded=true]'))
const order = await officer.page.getByTestId('document').evaluateAll((rows) => rows.map(({ dataset }) => dataset.form))
check(order.indexOf('首报电话稿') < order.indexOf('书面首报'), `thirty minutes stand before sixty: ${order.slice(0, 4)}`)

// The script: what is not known is said so; noted with who took it, by the keyboard alone.
const script = row(officer, '首报电话稿')
if ((await script.getByTestId('document-open').getAttribute('aria-expanded')) !== 'true') {
  await script.getByTestId('document-open').focus()
  await officer.page.keyboard.press('Enter')
}
await script.getByTestId('document-script').waitFor()
check((await script.getByTestId('document-script').innerText()).includes('死亡：尚未查明'), 'what is not known is not said so')
await script.getByTestId('dispatch-spoken-with').fill('委办值班员')
await officer.page.keyboard.press('Enter')
check((await formOf('首报电话稿')).dispatches.length === 0, 'Enter in a field has recorded something')
await script.getByTestId('dispatch-save').focus()
await officer.page.keyboard.press('Enter')
await until(async () => (await formOf('首报电话稿')).dispatches.length === 1, 'the telephone report is recorded')
const told = (await formOf('首报电话稿')).dispatches[0]
check(told.way === 'phone' && told.duty !== null, 'it proves the duty')
await until(async () => (await script.locator('.dispatches .saved').count()) === 1, 'the page says that the duty is proved')
await until(async () => (await script.getByTestId('dispatch-party').inputValue()) !== told.party, 'the next recipient is offered')
await officer.picture('documents-1-script')

// The written report: changed, kept over a reload, previewed.
const report = row(officer, '书面首报')
await report.getByTestId('document-open').click()
const body = report.getByTestId('document-body')
await until(async () => (await body.inputValue()).includes('过火面积：0.5公顷至0.8公顷'), 'the draft has the range')
await body.focus()
await officer.page.keyboard.press('Control+End')
await officer.page.keyboard.insertText('值班员补充：风向转北。\n')
await until(async () => (await report.getByTestId('draft-note').first().getAttribute('data-state')) === 'kept', 'the draft is on the server')
await officer.page.reload()
await officer.page.locator(`[data-testid=incident][data-incident="${number}"]`).waitFor()
await report.getByTestId('document-open').click()
await until(async () => (await body.inputValue()).includes('风向转北'), 'the draft is there after a reload')
const preview = report.getByTestId('document-preview')
await until(async () => (await preview.count()) === 1 && (await preview.getAttribute('data-fresh')) === 'yes', 'it is set')
check(Number(await preview.getAttribute('data-pages')) >= 1, 'it has pages')
const [tab] = await Promise.all([officer.context.waitForEvent('page'), preview.click()])
check(tab.url() === '' || tab.url().startsWith('blob:') || tab.url() === 'about:blank', `the preview leads to ${tab.url()}`)
await tab.close()

// A character that no font has is flagged while one types, and gone when it is.
await body.focus()
await officer.page.keyboard.press('Control+End')
await officer.page.keyboard.insertText('\ue123')
await report.getByTestId('document-missing').waitFor()
check((await report.getByTestId('document-missing').innerText()).includes('U+E123'), 'it is named')
await officer.page.keyboard.press('Backspace')
await until(async () => (await report.getByTestId('document-missing').count()) === 0, 'the flag goes')

// The same for one that nobody sees; it is deleted without looking for it.
const seen = await body.inputValue()
check((await report.getByTestId('document-unseen').count()) === 0, 'nothing is to be deleted')
await officer.page.keyboard.insertText('\u200b\u202e')
await report.getByTestId('document-missing').waitFor()
check((await report.getByTestId('document-missing').innerText()).includes('U+200B U+202E'), 'both are named')
await report.getByTestId('document-unseen').click()
await until(async () => (await report.getByTestId('document-missing').count()) === 0, 'the flag goes')
check((await body.inputValue()) === seen, 'nothing else is deleted')
await body.focus()
await officer.page.keyboard.press('Control+End')

// One that only another font has is told, and holds nothing up.
await officer.page.keyboard.insertText('镕')
await report.getByTestId('document-borrowed').waitFor()
check((await report.getByTestId('document-borrowed').innerText()).includes('镕 (U+9555)'), 'it is named with the letter')
check((await report.getByTestId('document-lacking').count()) === 0, 'the font of official documents is there')
await officer.picture('documents-6-borrowed')
await officer.page.keyboard.press('Backspace')
await until(async () => (await report.getByTestId('document-borrowed').count()) === 0, 'the flag goes')

// Signed off by telephone: who and from where is asked for.
check((await formOf('书面首报')).signed.length === 0, 'nothing is signed yet')
await report.getByTestId('document-sign').focus()
await officer.page.keyboard.press('Enter')
check((await formOf('书面首报')).signed.length === 0, 'without who spoke it is not taken')
await report.getByTestId('decide-who').fill('张主任')
await report.getByTestId('decide-from').fill('65512350')
await officer.picture('documents-2-editor')
await report.getByTestId('document-sign').click()
const signed = await until(async () => (await formOf('书面首报')).signed[0], 'it is signed')
check(signed.signer === '张主任' && signed.phone === '65512350' && signed.addressees.length === 3, 'as it was said')
await report.getByTestId(`signed-${signed.document}`).waitFor()
check((await report.getByTestId('signed-head').innerText()) === signed.head, 'the head that is printed is shown')
await until(async () => !(await body.inputValue()).includes('风向转北'), 'the draft is done with')

// Sent: printed proves nothing, a fax does, to each recipient apart.
const paper = report.getByTestId(`signed-${signed.document}`)
await paper.getByTestId('dispatch-way').selectOption('print')
await paper.getByTestId('dispatch-save').click()
await until(async () => (await formOf('书面首报')).signed[0].dispatches.length === 1, 'the print-out is recorded')
check((await formOf('书面首报')).open === 3, 'a print-out proves nothing')
for (let left = 2; left >= 0; left -= 1) {
  await paper.getByTestId('dispatch-way').selectOption('fax')
  await paper.getByTestId('dispatch-spoken-with').fill('值班员')
  await paper.getByTestId('dispatch-save').click()
  await until(async () => (await formOf('书面首报')).open === left, `${left} are left`)
  await until(async () => Number(await report.getAttribute('data-open')) === left, `the page says that ${left} are left`)
}
const happened = await officer.find('timeline').innerText()
check(happened.includes('签发“关于歌乐山三百梯森林火灾的报告”（办公室主任 张主任）') && happened.includes('书面首报 报 区委：传真'), 'the timeline does not tell it')
check(!happened.includes('sha256'), 'the timeline shows fields and no words')
await paper.scrollIntoViewIfNeeded()
await officer.picture('documents-3-sent')

// The leader signs for himself, on a phone; the officer's fields are not his.
await machine.post('/accounts', { name: 'zhao', display_name: '赵某', password: secret, parties: ['指挥长'] })
const leader = await Person.at(browser, server, { width: 360, height: 740 })
await leader.signIn('zhao', secret)
if (!(await leader.find(`incident-${number}`).isVisible())) await leader.find('tab-left').click()
await leader.find(`incident-${number}`).click()
const own = row(leader, '书面续报')
await own.getByTestId('document-open').click()
await until(async () => (await own.getByTestId('document-body').inputValue()).includes('尚未查明'), 'it is drafted for him')
check((await own.getByTestId('decide-by').locator('option').count()) === 1, 'he signs for nobody else')
await own.getByTestId('document-sign').click()
await until(async () => (await formOf('书面续报')).signed.length === 1, 'he has signed')
check((await formOf('书面续报')).signed[0].phone === null, 'not by telephone')
check((await leader.page.evaluate(() => document.documentElement.scrollWidth)) <= 360, 'on a phone the page is too wide')
await leader.picture('documents-4-leader')

// What was signed by telephone stands on the list of the duty room until its signer has seen the file and confirmed it, on a phone.
check((await formOf('书面首报')).signed[0].spoken.status === 'open', 'it is to be confirmed')
const listed = officer.find(`spoken-${signed.document}`)
check((await listed.innerText()).includes('关于歌乐山三百梯森林火灾的报告') && (await listed.innerText()).includes('待 办公室主任 本人确认'), 'the list does not say it')
check((await paper.getByTestId('spoken').getAttribute('data-status')) === 'open', 'the document does not say it')
await officer.picture('documents-7-unconfirmed')
await machine.post('/accounts', { name: 'zhang', display_name: '张某', password: secret, parties: ['办公室主任'] })
const signer = await Person.at(browser, server, { width: 360, height: 740 })
await signer.page.goto(`${server.url}unit`)
await signer.find('sign-in-name').fill('zhang')
await signer.find('sign-in-password').fill(secret)
await signer.find('sign-in-submit').click()
const asked = signer.page.locator(`[data-testid=spoken][data-order="${signed.document}"]`)
await asked.waitFor()
const [signedFile] = await Promise.all([signer.page.waitForEvent('download'), asked.getByTestId('spoken-file').click()])
check(signedFile.suggestedFilename() === '书面首报.pdf', `he gets ${signedFile.suggestedFilename()}, not what he is said to have signed`)
await expectNoBarrier(signer, 'the unit page with a signature to be confirmed')
await signer.picture('documents-8-signer')
await asked.getByTestId('spoken-confirm').click()
await until(async () => (await formOf('书面首报')).signed[0].spoken.status === 'confirmed', 'he has confirmed it')
await listed.waitFor({ state: 'detached' })
await until(async () => (await paper.getByTestId('spoken').getAttribute('data-status')) === 'confirmed', 'the document says so')
check((await officer.find('timeline').innerText()).includes('本人确认了“关于歌乐山三百梯森林火灾的报告”的电话签发'), 'the timeline does not tell it')

// In English, with the second plan.
const flood = (await machine.post('/incidents', { plan: 'Reservoir flood', subject: 'Flood', title: 'Willow Brook' })).incident
await machine.post(`/incidents/${flood}/facts`, { source: 'desk', facts: { 'Water level': '153.1 m' } })
await officer.find('language').click()
await officer.find(`incident-${flood}`).click()
await officer.page.locator(`[data-testid=incident][data-incident="${flood}"]`).waitFor()
const written = row(officer, 'Written report')
await written.getByTestId('document-open').click()
await until(async () => (await written.getByTestId('document-body').inputValue()).includes('Inflow: not yet known'), 'the English report is drafted')
check((await written.getByTestId('document-sign').innerText()) === 'Sign off', 'the page is in English')
await officer.picture('documents-5-english')

await officer.leave()
await leader.leave()
await signer.leave()
await browser.close()
await server.stop()
console.log(`pictures: ${pictures}`)
