// The units' page in an exercise: who one is and what one owes are asked for side by side.
import { beforeEach, expect, test } from 'vitest';
import { own, readSeated } from '../src/stores/own';
import { account } from '../src/stores/session';

const asked: string[] = [];
let answers: ((status: number, body: unknown) => void)[] = [];

beforeEach(() => {
  [asked.length, answers, own.value] = [0, [], null];
  account.value = { name: 'x', display_name: 'x', administrator: false, desk: false, parties: [] };
  const serve = (url: string) =>
    new Promise<Response>((resolve) => {
      asked.push(url.replace(/^.*\/api\/v1/, ''));
      answers.push((status, body) => resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })));
    });
  Object.assign(globalThis, { fetch: serve });
});

const session = (name: string) => ({ account: { name, display_name: name, administrator: false, desk: false, parties: ['office'] }, second_factor_due: false, csrf_token: 'c' });
const told = (title: string) => ({ incidents: [{ number: 1, title }], delegations: [] });
const settle = () => new Promise((resolve) => setTimeout(resolve));

test('neither waits for the other', async () => {
  const reading = readSeated();
  await settle();
  expect(asked.map((path) => path.split('/').pop())).toEqual(['current', 'own']);
  answers[1]!(200, told('fire'));
  answers[0]!(200, session('x'));
  await reading;
  expect([account.value?.parties, own.value?.incidents[0]?.title, asked.length]).toEqual([['office'], 'fire', 2]);
});

test('where another sits here by now, what came before is asked for again', async () => {
  const reading = readSeated();
  await settle();
  answers[1]!(200, told('of x'));
  await settle();
  answers[0]!(200, session('y'));
  await settle();
  expect(asked).toHaveLength(3);
  answers[2]!(200, told('of y'));
  await reading;
  expect([account.value?.name, own.value?.incidents[0]?.title]).toEqual(['y', 'of y']);
});
