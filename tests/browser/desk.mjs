// What the browser tests share: a server in a folder of its own, people in browsers of their own, and a watch over
// everything that a page complains of.
import { execFileSync, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createHmac, randomUUID } from 'node:crypto'

const sources = process.env.PINYUE_SOURCES
const require = createRequire(join(sources, 'ui/package.json'))
const { chromium } = require('playwright-core')
export const pictures = process.env.PINYUE_PICTURES ?? mkdtempSync(join(tmpdir(), 'pinyue-pictures-'))
mkdirSync(pictures, { recursive: true })

export class Server {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'pinyue-browser-'))
    this.port = 0
    this.password = null
    this.environment = {} // beside ours
    process.on('exit', () => this.process?.kill('SIGKILL'))
  }

  async start() {
    this.process = spawn(process.env.PINYUE, ['serve', '--data', this.folder, '--listen', `127.0.0.1:${this.port}`,
      '--plans', join(sources, 'plans'), '--drills', join(sources, 'drills')],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...this.environment } })
    this.ended = new Promise((resolve) => this.process.on('exit', resolve))
    const lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]()
    this.url = (await lines.next()).value.split(' ')[1]
    this.port = Number(new URL(this.url).port)
    if (this.password === null) this.password = (await lines.next()).value.split(' ')[2]
    return this
  }

  // As a power cut does.
  async kill() {
    this.process.kill('SIGKILL')
    await this.ended
  }

  // As an operator does; the server must end by itself, and well.
  async stop() {
    this.process.kill('SIGTERM')
    check((await this.ended) === 0, 'the server did not end well')
  }

  // A machine's client, for what a test only prepares.
  async client(name = 'admin', password = this.password) {
    const signed = await fetch(`${this.url}api/v1/sessions`, { method: 'POST',
      headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name, password }) })
    const cookie = signed.headers.get('set-cookie').split(';')[0]
    const { csrf_token: token } = await signed.json()
    const ask = async (method, path, body) => {
      const answer = await fetch(`${this.url}api/v1${path}`, { method, body: body && JSON.stringify(body),
        headers: { Cookie: cookie, 'X-CSRF-Token': token, 'Content-Type': 'application/json',
          'Idempotency-Key': randomUUID() } })
      check(answer.ok, `${method} ${path} answers ${answer.status}: ${answer.ok ? '' : await answer.text()}`)
      return answer.json()
    }
    return { get: (path) => ask('GET', path), post: (path, body) => ask('POST', path, body) }
  }
}

export function check(condition, message) {
  if (!condition) throw new Error(message)
}

// Waits until something is so.
export async function until(condition, what, seconds = 20) {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const found = await condition()
    if (found) return found
    check(Date.now() < end, `in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid() === 0 ? ['--no-sandbox'] : [] })
}

// What everybody had before them is pictured when the test fails.
export function pictureFailures(browser) {
  process.on('uncaughtException', async (error) => {
    console.error(error)
    let count = 0
    for (const context of browser.contexts()) for (const page of context.pages()) await page.screenshot({ path: `${pictures}/failed-${++count}.png` })
    process.exit(1)
  })
}

// A person at a browser of their own. What a page complains of (a script's error, something that the content security
// policy refused) fails the test, but for lines that were cut on purpose while `isLineCut`.
export class Person {
  static async at(browser, server, size = { width: 1366, height: 768 }) {
    const person = new Person()
    person.context = await browser.newContext({ viewport: size, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
    person.page = await person.context.newPage()
    person.complaints = []
    person.isLineCut = false
    person.page.on('pageerror', (error) => person.complaints.push(String(error)))
    person.page.on('console', (message) => {
      const text = message.text()
      const isNetwork = /Failed to load resource|ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY/.test(text)
      if (message.type() === 'error' && !isNetwork) person.complaints.push(text)
    })
    await person.page.goto(server.url)
    return person
  }

  // On the page of the units; `code` is what makes the second factor, where there is one.
  static async ofUnit(browser, server, name, password, size, code) {
    const person = await Person.at(browser, server, size)
    await person.page.goto(`${server.url}unit`)
    await person.find('sign-in-name').fill(name)
    await person.find('sign-in-password').fill(password)
    await person.find('sign-in-submit').click()
    if (code) {
      await person.find('sign-in-code').fill(code())
      await person.find('sign-in-submit').click()
    }
    await person.page.locator('[data-testid=unit][data-ready=yes]').waitFor()
    await until(async () => (await person.find('live').getAttribute('data-live')) === 'yes', 'the page is live')
    return person
  }

  find(id) {
    return this.page.getByTestId(id)
  }

  async signIn(name, password) {
    await this.find('sign-in-name').fill(name)
    await this.find('sign-in-password').fill(password)
    await this.find('sign-in-submit').click()
    await this.page.locator('[data-testid=desk][data-ready=yes]').waitFor()
  }

  // Another person signs in at the same computer, over the page.
  async changeTo(name, password, called) {
    await this.page.keyboard.press('Alt+u')
    const dialog = this.find('person-dialog')
    await dialog.getByTestId('sign-in-name').fill(name)
    await dialog.getByTestId('sign-in-password').fill(password)
    await dialog.getByTestId('sign-in-submit').click()
    await until(async () => (await this.find('who').innerText()) === called, `the bar says that ${called} sits here now`)
  }

  async picture(name) {
    await this.page.screenshot({ path: join(pictures, `${name}.png`) })
  }

  async leave() {
    check(this.complaints.length === 0, `the page complains: ${this.complaints.join(' | ')}`)
    await this.context.close()
  }
}

// The text of each sheet that a page prints, as a person's printer would have it.
export async function printSheets(page) {
  const folder = mkdtempSync(join(tmpdir(), 'pinyue-sheets-'))
  const file = join(folder, 'sheets.pdf')
  await page.pdf({ path: file, preferCSSPageSize: true })
  const text = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8', maxBuffer: 64 << 20 })
  rmSync(folder, { recursive: true })
  return text.split('\f').slice(0, -1)
}

// Fills in the form of facts, each by the kind of its control; one that is not asked for is looked up.
export async function fillFacts(form, facts) {
  const more = form.getByTestId('fact-more')
  if ((await more.isVisible()) && (await more.getAttribute('aria-expanded')) === 'false') await more.click()
  for (const [fact, value] of facts) {
    const row = form.locator(`[data-fact="${fact}"]`)
    if (!(await row.isVisible())) {
      if (!(await form.getByTestId('fact-search').isVisible())) await form.locator('.others summary').click()
      await form.getByTestId('fact-search').fill(fact)
      await form.locator('[data-testid^=fact-pick-]').filter({ hasText: new RegExp(`^\\s*＋ ${fact}\\s*$`) }).click()
    }
    if (typeof value === 'boolean') await row.locator(value ? '[data-testid$=-yes]' : '[data-testid$=-no]').click()
    else if (await row.locator(`[data-choice="${value}"]`).count()) await row.locator(`[data-choice="${value}"]`).click()
    else await row.locator('input').first().fill(value)
  }
}

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

// Nothing that keeps somebody out, as axe sees it, once colours that are changing have changed: a button that has just been let
// go is on its way from pale to its own.
export async function expectNoBarrier(person, where) {
  await person.page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter((moving) => moving.effect?.getComputedTiming().endTime !== Infinity)
    .map((moving) => moving.finished)))
  await person.page.evaluate(axe)
  const found = await person.page.evaluate(async () => (await globalThis.axe.run({ resultTypes: ['violations'] })).violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id} (${help}): ${nodes.slice(0, 3).map(({ target }) => target.join(' ')).join(', ')}`))
  check(found.length === 0, `${where}: ${found.join(' | ')}`)
}

// A time so many minutes from now, as one writes it in Chongqing.
export function writtenTime(minutes) {
  return new Date(Date.now() + (minutes + 480) * 60_000).toISOString().slice(0, 16).replace('T', ' ')
}

// The code of RFC 6238, so many steps of 30 s from now.
export function codeOf(base32, steps) {
  const bits = [...base32].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const digest = createHmac('sha1', key).update(step).digest()
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
