// The stream of events, read by hand rather than by EventSource: a page must know when no byte has come for 35 s, be it
// a comment, which an EventSource swallows. Also, an EventSource gives up for good when a proxy answers with a page of
// its own, and does not say whether it was refused for want of a session; this does.

/** `name` is empty for an event of the log; the server's heartbeat is called "time". */
export interface StreamEvent { id: string; name: string; data: string }

/** Takes the stream apart as it comes in, in whatever pieces. */
export class StreamParser {
  private rest = '';
  private id = '';
  private name = '';
  private data: string[] = [];

  push(piece: string): StreamEvent[] {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    const events: StreamEvent[] = [];
    for (const line of lines) {
      if (line === '') {
        if (this.data.length > 0) {
          events.push({ id: this.id, name: this.name, data: this.data.join('\n') });
        }
        this.data = [];
        this.name = '';
      } else if (line.startsWith('data:')) {
        this.data.push(line.slice(5).replace(/^ /, ''));
      } else if (line.startsWith('event:')) {
        this.name = line.slice(6).trim();
      } else if (line.startsWith('id:')) {
        this.id = line.slice(3).trim();
      }
      // A comment (":") or a field we have no use for: its bytes have already been counted as a sign of life.
    }
    return events;
  }
}

export type LostReason = 'unreachable' | 'silent' | 'signed-out' | 'foreign';

export type StreamState = { live: true; at: number } | { live: false; at: number; reason: LostReason };

export interface StreamHooks {
  /** The state has changed, or a sign of life has come; `at`: when we last heard the server. */
  state: (state: StreamState) => void;
  event: (event: StreamEvent) => void;
  fetch?: typeof fetch;
  random?: () => number;
}

export const silence = 35_000;

/** Waits 1, 2, 4 … 30 s, each spread by half, so that a crowd of pages does not come back all at once. */
export function backoff(failures: number, random: () => number): number {
  const full = Math.min(30_000, 1000 * 2 ** Math.min(failures, 5));
  return full / 2 + (full / 2) * random();
}

export class StreamClient {
  private lastId = '';
  private heardAt = 0;
  private failures = 0;
  private stopped = false;
  private renewing = false;
  private abort: AbortController | null = null;
  private wake: (() => void) | null = null;

  constructor(private readonly url: string, private readonly hooks: StreamHooks) {}

  start(): void {
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.abort?.abort();
    this.wake?.();
  }

  /** Do not wait any longer: somebody has signed in, or the network is back. */
  retry(): void {
    this.failures = 0;
    this.wake?.();
  }

  /** Another person has signed in: the stream is asked for anew, as him. No line is lost by it, and none is said to be. */
  renew(): void {
    this.failures = 0;
    if (this.wake) {
      this.wake();
    } else {
      this.renewing = true;
      this.abort?.abort();
    }
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const reason = await this.once();
      if (this.stopped) {
        return;
      }
      if (this.renewing) {
        this.renewing = false;
        continue;
      }
      this.hooks.state({ live: false, at: this.heardAt, reason });
      await this.rest(backoff(this.failures, this.hooks.random ?? Math.random));
      this.failures += 1;
    }
  }

  private rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(), milliseconds);
      const done = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
      this.wake = done;
    });
  }

  /** One connection, until it ends; says why it ended. */
  private async once(): Promise<LostReason> {
    const abort = new AbortController();
    this.abort = abort;
    let silent = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        silent = true;
        abort.abort();
      }, silence);
    };
    alive();
    try {
      const response = await (this.hooks.fetch ?? fetch)(this.url, {
        headers: this.lastId ? { 'Accept': 'text/event-stream', 'Last-Event-ID': this.lastId } : { Accept: 'text/event-stream' },
        cache: 'no-store',
        credentials: 'same-origin',
        signal: abort.signal,
      });
      if (response.status === 401) {
        abort.abort();
        return 'signed-out';
      }
      const type = response.headers.get('Content-Type') ?? '';
      if (response.status !== 200 || !type.startsWith('text/event-stream') || !response.body) {
        abort.abort();
        return 'foreign';
      }
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parser = new StreamParser();
      const hear = () => {
        this.heardAt = Date.now();
        this.failures = 0;
        this.hooks.state({ live: true, at: this.heardAt });
        alive();
      };
      hear();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          return 'unreachable';
        }
        hear();
        for (const event of parser.push(decoder.decode(value, { stream: true }))) {
          if (event.id) {
            this.lastId = event.id;
          }
          this.hooks.event(event);
        }
      }
    } catch {
      return silent ? 'silent' : 'unreachable';
    } finally {
      clearTimeout(timer);
    }
  }
}
