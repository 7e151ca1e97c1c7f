// An administrator requires a second factor, of one account and of all who may order: at the next sign-in it is set up before anything
// else, on the desk's page and on the units' own, on a telephone too.
import { Person, Server, check, codeOf, expectNoBarrier, openBrowser, pictureFailures, pictures, until } from './desk.mjs'

const secret = 'long enough secret'
const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)
const machine = await server.client()
await machine.post('/accounts', { name: 'commander', display_name: '指挥长', password: secret, parties: ['区森防指'] })
await machine.post('/accounts', { name: 'town', display_name: '凤凰镇值班', password: secret, parties: ['凤凰镇'] })

const rule = async () => (await machine.get('/accounts')).second_factor_required
const admin = await Person.at(browser, server)
await admin.signIn('admin', server.password)
await admin.find('nav-accounts').click()
const row = (name) => admin.page.locator(`[data-account="${name}"]`)
await row('town').getByTestId('factor-required').check()
await until(async () => (await rule()).accounts.includes('town'), 'the requirement is at the server')
await until(async () => (await row('town').locator('[data-factor]').getAttribute('data-factor')) === 'due', 'the page says that the town has none yet')
check((await row('commander').locator('[data-factor]').getAttribute('data-factor')) === 'no', 'of the commander none is required yet')
await admin.find('factor-of-orderers').check()
await until(async () => (await row('commander').locator('[data-factor]').getAttribute('data-factor')) === 'due', 'the page says that the commander has none yet')
await expectNoBarrier(admin, 'the accounts')
await admin.picture('accounts-1-required')

// Signs in, and finds nothing but this: sets it up, writes the codes down, goes on.
async function setUp(person, name, ready, shown) {
  await person.find('sign-in-name').fill(name)
  await person.find('sign-in-password').fill(secret)
  await person.find('sign-in-submit').click()
  await person.find('factor-due').waitFor()
  check((await person.page.locator('[data-testid=desk], [data-testid=unit]').count()) === 0, 'there is a page besides')
  await person.find('own-password').fill('another password')
  await person.find('own-begin').click()
  await person.page.getByText('密码不对').waitFor()
  await expectNoBarrier(person, `setting up on ${shown}`)
  await person.find('own-password').fill(secret)
  await person.picture(`accounts-2-${shown}-begin`)
  await person.find('own-begin').click()
  const key = await person.find('own-secret').innerText()
  await person.find('own-code').fill('000000')
  await person.find('own-confirm').click()
  await person.page.getByText('验证码不对').waitFor()
  await person.find('own-code').fill(codeOf(key, 0))
  await person.page.screenshot({ path: `${pictures}/accounts-3-${shown}-scan.png`, fullPage: true })
  await person.find('own-confirm').click()
  await until(async () => (await person.find('own-recovery').locator('li').count()) === 10, 'the recovery codes are shown')
  await person.picture(`accounts-4-${shown}-codes`)
  check((await person.page.evaluate(() => document.documentElement.scrollWidth)) <= (await person.page.evaluate(() => innerWidth)), `${shown} is wider than the window`)
  await person.find('factor-go-on').click()
  await person.page.locator(ready).waitFor()
  return key
}

const town = await Person.at(browser, server, { width: 360, height: 740 })
await town.page.goto(`${server.url}unit`)
await setUp(town, 'town', '[data-testid=unit][data-ready=yes]', 'telephone')
await until(async () => (await town.find('live').getAttribute('data-live')) === 'yes', "the town's page is live")
const commander = await Person.at(browser, server)
await setUp(commander, 'commander', '[data-testid=desk][data-ready=yes]', 'desk')
await until(async () => (await rule()).missing.length === 0, 'nobody is without')

// Over a reload it stays so; who gives it up has to set up another at once.
await commander.page.reload()
await commander.page.locator('[data-testid=desk][data-ready=yes]').waitFor()
await commander.find('who').click()
await commander.find('own-password').fill(secret)
await commander.find('own-remove').click()
await commander.find('factor-due').waitFor()
await commander.find('language').click()
await commander.picture('accounts-5-english')
await commander.find('sign-out').click()
await commander.find('sign-in-name').waitFor()

for (const person of [admin, town, commander]) await person.leave()
await browser.close()
await server.stop()
