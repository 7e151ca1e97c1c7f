// What is looked at seldom, in Chinese and in English, at a duty room's computer and on a telephone: delegations, corrected telephone
// numbers, offices to which nobody is bound. Nothing is wider than its window, nothing keeps anybody out.
import { Person, Server, check, expectNoBarrier, openBrowser, pictureFailures, until } from './desk.mjs'

const secret = 'long enough secret'
const server = await new Server().start()
const browser = await openBrowser()
pictureFailures(browser)
const machine = await server.client()
await machine.post('/accounts', { name: 'commander', display_name: '指挥长', password: secret, desk: true, parties: ['凤凰镇', '歌乐山街道'] })
await machine.post('/accounts', { name: 'deputy-of-the-town', display_name: '副镇长', password: secret, parties: [] })
const { call } = await machine.post('/calls', { text: '村后山上起火', place: '凤凰镇皂桷树村' })
const { incident } = await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title: '凤凰镇皂桷树村山火', call })
await machine.post(`/incidents/${incident}/facts`, { facts: { 火情性质: '森林火灾', 发生地: '本区', 火势失控: true }, source: '街道' })
const chief = await server.client('commander', secret)
const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString()
await chief.post('/delegations', { party: '凤凰镇', to: 'deputy-of-the-town', until: at(30), reason: '外出开会，由副镇长代行，回来即收回' })
await chief.post('/delegations', { party: '歌乐山街道', to: 'admin', from: at(48), until: at(96), reason: '年休假' })
const plan = await machine.get('/plans/森林火灾')
const party = plan.parties.find(({ kind, phones }) => kind === 'unit' && phones.length > 1)
await machine.post('/phones', { plan: '森林火灾', party: party.name, published: party.phones[0].number, number: '023-65001234', reason: '搬到新楼，总机换了' })
await machine.post('/phones', { plan: '森林火灾', party: party.name, number: '13800001234', reason: '值班手机' })

async function look(person, part, name) {
  await part.scrollIntoViewIfNeeded()
  await person.picture(name)
  const wide = await person.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  check(wide <= 0, `${name} is ${wide} wider than its window`)
  // Nor does anything in it stand out of what holds it, but where that can be scrolled.
  const out = await part.evaluate((root) => [...root.querySelectorAll('*')].filter((one) => {
    const box = one.getBoundingClientRect()
    return box.width > 0 && box.right > root.getBoundingClientRect().right + 1 && !one.closest('.unseen')
  }).map((one) => one.outerHTML.slice(0, 80)))
  check(out.length === 0, `${name}: stands out: ${out.join(' | ')}`)
}

for (const [shape, size] of [['wide', { width: 1366, height: 768 }], ['narrow', { width: 360, height: 740 }]]) {
  const person = await Person.at(browser, server, size)
  await person.signIn('commander', secret)
  for (const language of ['zh', 'en']) {
    const name = `panels-${shape}-${language}`
    if (language === 'en') await person.find('language').click()
    if (await person.find('nav-desk').isVisible()) await person.find('nav-desk').click()
    if (shape === 'narrow') await person.find('tab-left').click()
    await person.find('unbound').waitFor()
    await look(person, person.find('unbound'), `${name}-unbound`)
    if (shape === 'narrow') await person.find('tab-right').click()
    await person.find('right-book').click()
    await person.find('book-search').fill(party.name)
    const card = person.page.locator(`[data-party="${party.name}"]`).first()
    await card.locator('del, .replaced').first().waitFor()
    await look(person, card, `${name}-phones`)
    // Numbers are read down a column, and none is broken in two.
    const numbers = await card.locator('[data-number] a, [data-number] del').evaluateAll((found) => found.map((one) => ({ left: one.getBoundingClientRect().left, lines: one.getClientRects().length })))
    check(numbers.length > 2 && numbers.every(({ left, lines }) => left === numbers[0].left && lines === 1), `${name}: the numbers do not stand in a column`)
    await card.getByTestId('phone-correct').first().click()
    await person.find('phone-form').first().waitFor()
    await look(person, card, `${name}-phone-form`)
    await expectNoBarrier(person, `${name}, the telephone book`)
    await card.getByTestId('phone-form').getByRole('button').last().click()
    await person.find('nav-shifts').click()
    await until(async () => (await person.find('delegation-1').count()) === 1, 'the delegations are shown')
    await look(person, person.find('delegations'), `${name}-delegations`)
    await expectNoBarrier(person, `${name}, the delegations`)
  }
  await person.leave()
}
await browser.close()
await server.stop()
