import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { backoff, silence, StreamClient, StreamParser, type StreamEvent, type StreamState } from '../src/api/stream';

test('events come out whole from whatever pieces they come in', () => {
  const text = ': hello\n\nid: 7\ndata: {"a":\ndata: 1}\n\nid: 8\r\ndata: 人\r\n\r\n: beat\n\nevent: time\ndata: {}\n\n';
  for (let size = 1; size < 12; size += 1) {
    const parser = new StreamParser();
    const events: StreamEvent[] = [];
    for (let at = 0; at < text.length; at += size) {
      events.push(...parser.push(text.slice(at, at + size)));
    }
    expect(events).toEqual([
      { id: '7', name: '', data: '{"a":\n1}' },
      { id: '8', name: '', data: '人' },
      { id: '8', name: 'time', data: '{}' },
    ]);
  }
});

test('waiting grows to half a minute and is spread', () => {
  expect(backoff(0, () => 0)).toBe(500);
  expect(backoff(0, () => 1)).toBe(1000);
  expect(backoff(3, () => 1)).toBe(8000);
  expect(backoff(99, () => 1)).toBe(30_000);
  expect(backoff(99, () => 0)).toBe(15_000);
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A stream that a test feeds; aborting ends it as a browser does. */
function feeding(signal: AbortSignal | null | undefined) {
  let feed!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      feed = controller;
    },
  });
  signal?.addEventListener('abort', () => {
    try {
      feed.error(new DOMException('aborted', 'AbortError'));
    } catch {
      // already closed
    }
  });
  const response = new Response(body, { status: 200, headers: { 'Content-Type': 'text/event-stream' } });
  return { response, write: (text: string) => feed.enqueue(new TextEncoder().encode(text)), end: () => feed.close() };
}

function client(answers: ((init: RequestInit | undefined) => Response | Promise<Response>)[]) {
  const states: StreamState[] = [];
  const events: StreamEvent[] = [];
  const asked: (RequestInit | undefined)[] = [];
  const stream = new StreamClient('/events', {
    state: (state) => states.push(state),
    event: (event) => events.push(event),
    random: () => 0,
    fetch: (_url, init) => {
      asked.push(init);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      return Promise.resolve().then(() => answer!(init));
    },
  });
  return { stream, states, events, asked };
}

test('a silent line is lost after 35 s, and is taken up again behind the last event', async () => {
  const lines: ReturnType<typeof feeding>[] = [];
  const { stream, states, events, asked } = client([
    (init) => {
      const line = feeding(init?.signal);
      lines.push(line);
      return line.response;
    },
  ]);
  stream.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(states.at(-1)).toMatchObject({ live: true });
  lines[0]!.write('id: 41\ndata: {}\n\n');
  await vi.advanceTimersByTimeAsync(20_000);
  lines[0]!.write(': beat\n\n'); // a heartbeat counts as a sign of life
  await vi.advanceTimersByTimeAsync(silence - 1000);
  expect(states.at(-1)).toMatchObject({ live: true });
  await vi.advanceTimersByTimeAsync(1500);
  expect(states.find(({ live }) => !live)).toMatchObject({ live: false, reason: 'silent' });
  await vi.advanceTimersByTimeAsync(600);
  expect(states.at(-1)).toMatchObject({ live: true });
  expect(events).toEqual([{ id: '41', name: '', data: '{}' }]);
  expect(asked).toHaveLength(2);
  expect((asked[1]?.headers as Record<string, string>)['Last-Event-ID']).toBe('41');
  stream.stop();
});

test('when another person has signed in the stream is asked for anew at once, and no line is said to be lost', async () => {
  const { stream, states, asked } = client([
    () => Promise.reject(new TypeError('refused')),
    (init) => feeding(init?.signal).response,
  ]);
  stream.start();
  await vi.advanceTimersByTimeAsync(1);
  expect(states.at(-1)).toMatchObject({ live: false });
  stream.renew(); // it waits for its next try
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(2);
  expect(states.at(-1)).toMatchObject({ live: true });
  const before = states.length;
  stream.renew();
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(3);
  expect(states.slice(before).every(({ live }) => live)).toBe(true);
  expect(states.length).toBeGreaterThan(before);
  stream.stop();
});

test('a proxy’s page, a 401 and a dead line are told apart, and tried again', async () => {
  const { stream, states, asked } = client([
    () => new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Content-Type': 'text/html' } }),
    () => new Response('<h1>Welcome</h1>', { status: 200, headers: { 'Content-Type': 'text/html' } }),
    () => new Response('{}', { status: 401, headers: { 'Content-Type': 'application/problem+json' } }),
    () => Promise.reject(new TypeError('refused')),
    (init) => feeding(init?.signal).response,
  ]);
  stream.start();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(states.filter(({ live }) => !live).map((state) => !state.live && state.reason)).toEqual(['foreign', 'foreign', 'signed-out', 'unreachable']);
  expect(states.at(-1)).toMatchObject({ live: true });
  expect(asked).toHaveLength(5);
  stream.stop();
});
