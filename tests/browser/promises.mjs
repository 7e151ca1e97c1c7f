// What the desk's pages promise (docs/promises.md), on a line that is cut, that loses replies, and on which somebody else answers
// meanwhile: all of it goes through a proxy of ours. Each part is named after its promise.
import { spawnSync } from 'node:child_process'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { Person, Server, check, openBrowser, pictureFailures, until } from './desk.mjs'

// ---- the line ------------------------------------------------------------------------------------------------------------

// mode: 'good'; 'dead': nothing comes through; 'foreign': a page of its own answers everything; 'polite': it says OK to all that is
// sent, and sends nothing on; 'deaf': what is saved arrives,
// and its answer is lost.
class Line {
  constructor(server) {
    this.mode = 'good'
    this.losses = 0
    this.sockets = new Set()
    this.http = createServer((asked, answer) => {
      if (this.mode === 'dead') return void asked.socket.destroy()
      if (this.mode === 'foreign') return void answer.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Welcome to the hotel</h1>')
      if (this.mode === 'polite' && asked.method === 'POST') return void answer.writeHead(200, { 'Content-Type': 'application/json' }).end('{"sequence":1,"call":1}')
      const isLost = this.mode === 'deaf' && asked.method === 'POST' && asked.url === '/api/v1/calls'
      const onward = request({ host: '127.0.0.1', port: server.port, path: asked.url, method: asked.method, headers: asked.headers }, (got) => {
        if (isLost) {
          this.losses += 1
          got.resume().on('end', () => asked.socket.destroy())
          return
        }
        answer.writeHead(got.statusCode, got.headers)
        got.pipe(answer)
      })
      onward.on('error', () => asked.socket.destroy())
      answer.on('close', () => onward.destroy())
      asked.pipe(onward)
    })
    this.http.on('connection', (socket) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
  }

  async open() {
    await new Promise((resolve) => this.http.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${this.http.address().port}/`
    return this
  }

  become(mode) {
    this.mode = mode
    if (mode !== 'deaf') for (const socket of this.sockets) socket.destroy()
  }
}

const server = await new Server().start()
const line = await new Line(server).open()
const browser = await openBrowser()
pictureFailures(browser)
const machine = await server.client()
const openFire = async (title) => {
  const { incident } = await machine.post('/incidents', { plan: '森林火灾', subject: '森林火灾', title })
  await machine.post(`/incidents/${incident}/facts`, { facts: { 火情性质: '森林火灾', 发生地: '本区', 被困: 1 }, source: '街道' })
  return incident
}
const fires = [await openFire('歌乐山山火'), await openFire('中梁山山火')]
const officer = await Person.at(browser, line)
await officer.signIn('admin', server.password)
const isLive = async () => (await officer.find('live').getAttribute('data-live')) === 'yes'
await until(isLive, 'the page is live')

// ---- 3, 4: two times, and the zone ---------------------------------------------------------------------------------------

const at = new Date(Date.now() - 47 * 60_000)
const wall = (date) => new Date(date.getTime() + 8 * 3600_000).toISOString().slice(11, 16).replace(/^0/, '')
await machine.post(`/incidents/${fires[0]}/facts`, { facts: { 重伤: 2 }, source: '凤凰镇', as_of: at.toISOString() })
await officer.find(`incident-${fires[0]}`).click()
const hurt = officer.page.locator('[data-fact-row="重伤"]')
await hurt.waitFor()
const [claim] = (await machine.get(`/incidents/${fires[0]}`)).facts.find(({ name }) => name === '重伤').claims
check((await hurt.innerText()).includes(wall(at)) && (await hurt.innerText()).includes(wall(new Date(claim.heard_at))), 'not both times are shown: when it was so, and when it was heard')
check((await officer.find('server-time').innerText()).includes('UTC+8'), 'the zone is not named')

// ---- 12: each draft stays with its incident ------------------------------------------------------------------------------

const dead = (person) => person.page.locator('[data-testid=fact-form] [data-fact="死亡"] input').first()
async function show(person, number) {
  await person.find(`incident-${number}`).click()
  await person.page.locator(`[data-testid=incident][data-incident="${number}"]`).waitFor()
  if (!(await dead(person).count())) await person.find('fact-more').click()
  await dead(person).waitFor()
}
for (const [index, number] of fires.entries()) {
  await show(officer, number)
  check((await dead(officer).inputValue()) === '', 'the draft of one incident is before another')
  await dead(officer).fill(String(index + 3))
}
await show(officer, fires[0])
check((await dead(officer).inputValue()) === '3', 'the draft is lost by a change of incident')
await until(async () => Object.keys((await machine.get('/drafts')).drafts).filter((name) => name.startsWith('facts')).length === 2, 'both drafts are at the server')
// The tab is closed; and a second window, of another browser, is opened.
await officer.page.close()
officer.page = await officer.context.newPage()
await officer.page.goto(line.url)
await officer.page.locator('[data-testid=desk][data-ready=yes]').waitFor()
const second = await Person.at(browser, line)
await second.signIn('admin', server.password)
for (const person of [officer, second]) {
  for (const [index, number] of fires.entries()) {
    await show(person, number)
    await until(async () => (await dead(person).inputValue()) === String(index + 3), 'each draft is with its incident')
  }
}
await second.leave()
// Enter in a field acknowledges nothing, decides nothing, and is no answer to a call.
const duty = (await machine.get(`/incidents/${fires[1]}`)).duties.find(({ status, kind }) => status === 'owed' && kind === 'duty')
const before = (await machine.get('/desk')).sequence
await officer.find('duties-all').check()
await officer.find(`duty-${duty.id}`).getByTestId('duty-answer').click()
for (const field of ['duty-proof', 'duty-source']) await officer.find(`duty-${duty.id}`).getByTestId(field).press('Enter')
const notice = officer.page.locator('[data-testid^="notice-"][data-state=open]').first()
await notice.getByTestId('notice-details').click()
for (const field of ['notice-spoken-with', 'notice-note']) await notice.getByTestId(field).press('Enter')
for (const field of ['decide-who', 'decide-from', 'decide-reason']) await officer.page.locator('[data-testid^="proposal-"]').first().getByTestId(field).press('Enter')
check((await machine.get('/desk')).sequence === before, 'Enter in a field has logged something')

// ---- 13: "saved" means on the server's disk ------------------------------------------------------------------------------

const saved = async (text) => (await machine.get('/calls')).calls.filter((call) => call.text === text).length
const note = officer.find('call-panel').getByTestId('write-note')
async function writeCall(text) {
  await officer.page.keyboard.press('Alt+n')
  await officer.page.waitForFunction(() => document.activeElement?.matches('[data-testid="call-text"]'))
  await officer.page.keyboard.type(text)
  await until(async () => (await officer.find('call-panel').getByTestId('draft-note').getAttribute('data-state')) === 'kept', 'its draft is at the server')
  check((await machine.get('/drafts')).drafts['call.desk'].body.draft.text === text, 'the draft at the server is another')
}
async function press(times) {
  for (let count = 0; count < times; count++) await officer.page.keyboard.press('Control+Enter')
}
async function expectUnsaved(text, many) {
  await until(async () => (await note.getAttribute('data-state')) === 'unsaved', 'the page says that it is not saved')
  check((await note.innerText()).includes('未保存'), 'not saved is not said in words')
  check((await officer.find('call-text').inputValue()) === text, `what was typed is lost: ${await officer.find('call-text').inputValue()}`)
  check((await saved(text)) === many, `${await saved(text)} calls are at the server`)
}
async function expectSavedOnce(text) {
  await officer.find('call-assign').waitFor()
  check((await saved(text)) === 1, `${await saved(text)} calls are at the server, not one`)
  await officer.find('call-later').click()
}

// The session has ended, and nobody signs in: not saved. Then somebody does, over the page.
await writeCall('会话失效时的电话')
const [cookie] = await officer.context.cookies(line.url)
const headers = { Cookie: `${cookie.name}=${cookie.value}` }
const { csrf_token: token } = await (await fetch(`${server.url}api/v1/sessions/current`, { headers })).json()
check((await fetch(`${server.url}api/v1/sessions/current`, { method: 'DELETE', headers: { ...headers, 'X-CSRF-Token': token } })).ok, 'the session cannot be ended')
await press(9)
const dialog = officer.find('sign-in-dialog')
await dialog.getByTestId('sign-in-cancel').click()
await expectUnsaved('会话失效时的电话', 0)
await officer.find('call-text').focus()
await press(1)
await dialog.getByTestId('sign-in-name').fill('admin')
await dialog.getByTestId('sign-in-password').fill(server.password)
await dialog.getByTestId('sign-in-submit').click()
await expectSavedOnce('会话失效时的电话')

// The line is dead.
await until(isLive, 'the page is live again', 60)
await writeCall('断线时的电话')
line.become('dead')
await press(1)
await expectUnsaved('断线时的电话', 0)
line.become('good')
await press(9)
await expectSavedOnce('断线时的电话')

// Somebody else says OK.
await until(isLive, 'the page is live again', 60)
await writeCall('别人应下的电话')
line.become('polite')
await press(1)
await expectUnsaved('别人应下的电话', 0)
line.become('good')
await press(9)
await expectSavedOnce('别人应下的电话')

// It has arrived each time, and each reply is lost: not saved, as far as the page can know; and there it is once.
await until(isLive, 'the page is live again', 60)
await writeCall('回音丢失的电话')
line.become('deaf')
await press(9)
await expectUnsaved('回音丢失的电话', 1)
check(line.losses >= 2, 'it is not tried again by itself')
line.become('good')
await press(9)
await expectSavedOnce('回音丢失的电话')

// ---- 14: a page that has lost its stream says so -------------------------------------------------------------------------

await until(isLive, 'the page is live again', 60)
await officer.page.evaluate(() => { globalThis.isSamePage = true })
line.become('foreign')
await until(async () => !(await isLive()), 'the page says that its line is gone')
const told = () => officer.find('live').innerText()
await until(async () => (await told()).includes('数据停在') && (await told()).includes('别的东西'), 'it says since when, and that somebody else answers')
const third = await openFire('凤凰镇山火')
const age = async () => Number(/已 (\d+) 秒/.exec(await told())?.[1])
const first = await age()
// While it asks again by itself, and is answered by the other, it never calls itself live, and grows older.
await until(async () => {
  check(!(await isLive()) && !(await told()).includes('实时'), 'it calls itself live while somebody else answers')
  return (await age()) >= first + 12
}, 'its data grow old', 30)
check(!(await officer.find(`incident-${third}`).count()), 'where does it know that from?')
check(await officer.find(`incident-${fires[0]}`).count(), 'what it knows is gone')
await officer.picture('promises-14-foreign')
line.become('good')
await until(isLive, 'the page is live again by itself', 60)
await officer.find(`incident-${third}`).waitFor()
check(await officer.page.evaluate(() => globalThis.isSamePage === true), 'the page was loaded anew')

// ---- 2, 9: what came due while nobody could handle it; who is to see to what is missing ----------------------------------

await show(officer, third)
const findings = (await machine.get(`/incidents/${third}`)).findings.filter(({ kind, closed_at: closed }) => kind === 'role-unbound' && !closed)
check(findings.length > 0 && findings.every(({ owner, due_at: due }) => owner && due), 'a role that nobody holds is no finding with an owner and a clock')
for (const { id, owner } of findings) {
  check((await officer.find(`finding-${id}`).innerText()).includes(owner) && (await officer.find(`finding-${id}`).locator('time').count()) === 1, `finding ${id} is shown without its owner or its clock`)
}
// The server is down for two hours.
const library = join(server.folder, 'wall_clock.so')
const built = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, join(process.env.PINYUE_SOURCES, 'tests/serve/wall_clock.c')], { encoding: 'utf8' })
check(built.status === 0, built.stderr)
line.become('dead')
await server.kill()
server.environment = { LD_PRELOAD: library, WALL_CLOCK_AHEAD: '7200' }
await server.start()
line.become('good')
await officer.find('notice-said-late').first().waitFor()
await officer.picture('promises-2-late')
await officer.leave()
await browser.close()
line.become('dead')
line.http.close()
await server.stop()
