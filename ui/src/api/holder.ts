// Holds the one stream of this browser and tells the pages what comes.

import type { ToPages } from './messages';
import { StreamClient, type StreamState } from './stream';
import type { LogEvent } from './types';

export class Holder {
  private readonly client: StreamClient;
  private last: StreamState | null = null;

  constructor(url: string, private readonly tell: (message: ToPages) => void) {
    this.client = new StreamClient(url, {
      state: (state) => {
        this.last = state;
        tell({ what: 'state', state });
      },
      event: ({ data }) => {
        let event: LogEvent;
        try {
          event = JSON.parse(data) as LogEvent;
        } catch {
          return; // not ours; the next refetch brings whatever it was
        }
        tell({ what: 'event', event });
      },
    });
    this.client.start();
  }

  /** A page has come: it is told how things stand. */
  greet(): void {
    if (this.last) {
      this.tell({ what: 'state', state: this.last });
    }
  }

  retry(): void {
    this.client.retry();
  }

  stop(): void {
    this.client.stop();
  }
}
