// Holds the one stream of this browser and tells the pages what comes.

import type { ToHolder, ToPages } from './messages';
import { StreamClient, type StreamState } from './stream';
import type { ClockState, LogEvent } from './types';

const clockStates: ClockState[] = ['good', 'stepped', 'before-log', 'long-stop'];

export class Holder {
  private readonly client: StreamClient;
  private last: StreamState | null = null;
  private time: ToPages | null = null;

  constructor(url: string, private readonly tell: (message: ToPages) => void) {
    this.client = new StreamClient(url, {
      state: (state) => {
        this.last = state;
        tell({ what: 'state', state });
      },
      event: ({ name, data }) => {
        let said: Partial<LogEvent> & { server_time?: unknown; clock?: unknown; speed?: unknown };
        try {
          said = JSON.parse(data) as typeof said;
        } catch {
          return; // not ours; the next refetch brings whatever it was
        }
        if (name === 'time' && typeof said.server_time === 'string') {
          const clock = clockStates.find((state) => state === said.clock) ?? null;
          this.time = { what: 'time', instant: said.server_time, at: Date.now(), clock, speed: typeof said.speed === 'number' ? said.speed : 1 };
          tell(this.time);
        } else if (typeof said.sequence === 'number') {
          tell({ what: 'event', event: said as LogEvent });
        }
      },
    });
    this.client.start();
  }

  hear(message: ToHolder): void {
    if (message.what === 'retry') {
      this.client.retry();
    } else if (message.what === 'renew') {
      this.client.renew();
    } else {
      this.greet();
    }
  }

  /** A page has come: it is told how things stand. */
  private greet(): void {
    if (this.last) {
      this.tell({ what: 'state', state: this.last });
      if (this.last.live && this.time) {
        this.tell(this.time);
      }
    }
  }

  stop(): void {
    this.client.stop();
  }
}
