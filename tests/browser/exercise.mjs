// A new user, alone: one press starts an exercise, and within a minute the whole system has moved; all seats are his; a
// real call takes him out of it by one key and what comes in truth shows through; at the end it is judged by clause.
import { check, expectNoBarrier, openBrowser, Person, pictureFailures, printSheets, Server, until } from './desk.mjs'

const server = await new Server().start()
const machine = await server.client()
const browser = await openBrowser()
pictureFailures(browser)
const person = await Person.at(browser, server)
const { page } = person
const room = '/exercises/1'
const show = () => machine.get(room)
const orders = async () => (await machine.get(`${room}/desk`)).incidents.flatMap(({ scales }) => scales.map(({ order }) => order))
const status = (wanted) => page.locator(`[data-testid=exercise-band][data-status=${wanted}]`).waitFor()

await person.signIn('admin', server.password)
check(await person.find('exercise-band').count() === 0, 'the real desk looks like an exercise')
const pressed = Date.now()
await person.find('exercise-quick').click()
await page.waitForURL(/\/exercise\/1/)
await status('running')
check(/演练/.test(await person.find('exercise-mark').innerText()) && /演练/.test(await page.title()), 'nothing says that it is an exercise')
await page.locator('[data-testid=scale-order]').filter({ hasText: /Ⅳ级/ }).first().waitFor({ timeout: 60_000 })
check(Date.now() - pressed < 60_000, 'nothing had moved within a minute')
check(/【演练】/.test(await person.find('incident-name').first().innerText()), 'the incident is not marked')
await page.locator('[data-testid^=notice-]').first().waitFor()
check(await page.locator('a[href^="tel:"]').count() === 0, 'the page offers to call somebody in truth')
await person.picture('exercise-1-moving')
const sheets = await printSheets(page)
check(sheets.length > 2 && sheets.every((sheet) => /演\s*练/.test(sheet)), `of ${sheets.length} sheets of the incident some are not marked: ${sheets.findIndex((sheet) => !/演\s*练/.test(sheet)) + 1}`)

// An exercise that is not there is told, to one who has signed in.
const stray = await person.context.newPage()
for (const address of ['exercise/99', 'exercise/99/unit']) {
  await stray.goto(server.url + address)
  await stray.getByTestId('no-exercise').getByText('99').waitFor({ timeout: 10_000 })
  check(await stray.getByTestId('sign-in-name').count() === 0, 'one who has signed in is asked to sign in')
}
await stray.close()

// All seats: the script does nothing any more, and says what is to be done.
await person.find('exercise-open').click()
await person.find('seat-all').click()
await page.locator('[data-seat=all][data-account=admin]').waitFor()
await person.find('call-new').waitFor() // the duty room's
await person.find('exercise-speed').selectOption('600')
await person.find('exercise-next').waitFor({ timeout: 30_000 })
await person.find('exercise-speed').selectOption('1')
const offer = await person.find('exercise-next').getAttribute('data-offer')
await person.find('exercise-play').click()
await page.locator(`[data-testid=exercise-offer-${offer}][data-outcome=played]`).waitFor()
await person.picture('exercise-2-seats')

// Back to the incident where he was; what is proposed he decides himself, for the office that he plays.
await person.find('exercise-open').click()
const part = person.find('exercise-part')
await part.getByText('全部席位').waitFor()
await until(async () => Number(await part.getAttribute('data-decide')) > 0 && Number(await part.getAttribute('data-owed')) > 0, 'the band says what the player has to decide and to do')
check(/还剩|已过时限/.test(await person.find('exercise-foremost').innerText()), 'the band does not say how long there is time')
const accept = person.find('proposal-accept').first()
await accept.waitFor()
await accept.click()
await until(async () => (await orders()).includes('Ⅱ级'), 'the player has decided')

// What comes in truth shows through.
await machine.post('/calls', { text: '真的着火了', place: '某处' })
await page.locator('[data-testid=exercise-real][data-came=yes]').waitFor({ timeout: 15_000 })
await person.picture('exercise-3-real')

// A real call: one key, and the exercise stands still; the real desk takes the call.
await page.keyboard.press('Alt+p')
await page.waitForURL((url) => url.pathname === '/')
await person.find('call-text').waitFor()
check(await person.find('exercise-band').count() === 0, 'the call would be taken in the exercise')
check((await show()).status === 'paused', 'the exercise went on')
await person.find('call-text').fill('有人报火')
await person.find('call-save').click()
await until(async () => (await machine.get('/calls')).calls.length === 2, 'the real call is saved')
check((await machine.get(`${room}/calls`)).calls.length === 0, 'the real call is in the exercise')

// The real desk says that the exercise waits, and leads back; where it is not to be told, it is told no more.
const left = person.find('exercise-left')
await left.waitFor()
check(await left.getAttribute('data-status') === 'paused' && /第 1 号/.test(await left.innerText()), 'it is not said which exercise waits, and how')
await expectNoBarrier(person, 'the line that leads back')
await person.picture('exercise-3-left')
await person.find('exercise-back').click()
await status('paused')
await person.find('exercise-leave').click()
await left.waitFor()
await person.find('exercise-forget').click()
await left.waitFor({ state: 'detached' })

// Back, through the list; on to where things are overdue; judged.
await person.find('nav-exercises').click()
const held = person.find('exercise-held-at')
const dayOf = (instant) => new Date(Date.parse(instant) + 8 * 3600_000).toISOString().slice(0, 10)
check((await held.innerText()).includes(dayOf((await show()).began_at)), `the list does not say when it was begun in truth: ${await held.innerText()}`)
await page.locator('[data-testid=exercise-1][data-status=paused] a').click()
await status('paused')
await expectNoBarrier(person, 'the desk of an exercise')
await person.find('exercise-open').click()
await person.find('seats').waitFor()
await expectNoBarrier(person, 'the seats')
await person.find('exercise-pause').click()
await status('running')
await person.find('exercise-speed').selectOption('600')
await until(async () => Date.parse((await show()).time) > Date.parse('2022-08-20T07:40:00Z'), 'an hour is past', 30)
await person.find('exercise-end').click()
await person.find('exercise-end').click()
await status('ended')
const judgement = person.find('judgement')
await judgement.waitFor()
await person.find('exercise-held').waitFor()
check(await person.find('exercise-end').count() === 0, 'what has ended can be ended')
check(Number(await judgement.getAttribute('data-met')) > 0, 'nothing was met')
check(Number(await judgement.getAttribute('data-missed')) > 0, 'nobody has done anything, and nothing is missed')
await page.locator('tr[data-outcome=missed]').first().waitFor()
await person.find('alarm-ringing').waitFor({ state: 'detached' }) // what is over presses nobody
check(await person.find('exercise-pause').count() === 0, 'what has ended can be paused')
await person.find('language').click()
await page.getByText('Nobody is called in truth').waitFor()
await person.picture('exercise-4-judged')
await expectNoBarrier(person, 'the judgement')

// On a telephone nothing hangs out of the page.
await page.setViewportSize({ width: 360, height: 740 })
check(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'the page is wider than the telephone')
await person.picture('exercise-5-narrow')

// On paper every page begins with the mark.
await page.emulateMedia({ media: 'print' })
check(await person.find('exercise-mark').isVisible(), 'what is printed is not marked')
const judged = await printSheets(page)
check(judged.length > 2 && judged.every((sheet) => /EXERCISE/.test(sheet)), `of ${judged.length} sheets of the judgement some are not marked`)
await page.emulateMedia({ media: 'screen' })

// The list says how much there is, and an administrator puts away what has ended, with a reason.
await person.find('exercise-leave').click()
await page.waitForURL((url) => url.pathname === '/')
await person.find('nav-exercises').click()
check(/held .* to /.test(await held.innerText()), `the list does not say from when to when it was held: ${await held.innerText()}`)
check(/[kM]B/.test(await person.find('exercises-size').innerText()), 'nothing says what exercises take on the disk')
await person.find('exercise-put-away-1').click()
check(await person.find('exercise-remove').isDisabled(), 'no reason is asked for')
await person.find('exercise-reason').fill('已归档')
check(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'the list is wider than the telephone')
await expectNoBarrier(person, 'the list of exercises')
await person.picture('exercise-6-put-away')
await person.find('exercise-remove').click()
await person.find('exercise-1').waitFor({ state: 'detached' })
check((await machine.get('/exercises')).exercises.length === 0, 'it has not gone')
check((await machine.get('/desk')).incidents.length === 0, 'the exercise has come to the real desk')
await person.leave()
await browser.close()
await server.stop()
