// Where there is no SharedWorker (Android's Chrome): the tabs choose one that holds the stream and tells the others
// over a BroadcastChannel. With Web Locks the browser chooses; else a lease in localStorage does.

import { Holder } from './holder';
import type { ToHolder, ToPages } from './messages';
import { eventsUrlOf, streamName } from './place';
import { newKey } from './key';

const name = streamName;
const leaseFor = 6_000;

/** Calls `lead` once this tab is the leader, `resign` when another has taken the lease. */
function elect(lead: () => void, resign: () => void): void {
  if (navigator.locks) {
    void navigator.locks.request(name, () => {
      lead();
      return new Promise<never>(() => undefined); // held until the tab is gone
    });
    return;
  }
  const me = newKey();
  let leading = false;
  const look = () => {
    let holder = '';
    let until = 0;
    try {
      const parts = (localStorage.getItem(name) ?? '').split(' ');
      holder = parts[0] ?? '';
      until = Number(parts[1] ?? 0);
    } catch {
      // Without localStorage each tab leads for itself.
    }
    if (leading && holder !== me && until > Date.now()) {
      leading = false;
      resign();
      return;
    }
    if (leading || until < Date.now()) {
      try {
        localStorage.setItem(name, `${me} ${Date.now() + leaseFor}`);
      } catch {
        // as above
      }
      if (!leading) {
        leading = true;
        lead();
      }
    }
  };
  setInterval(look, leaseFor / 3);
  setTimeout(look, Math.random() * 200);
}

export function connectByLeader(hear: (message: ToPages) => void): (message: ToHolder) => void {
  const channel = new BroadcastChannel(name);
  let holder: Holder | null = null;
  const tellAll = (message: ToPages) => {
    hear(message);
    channel.postMessage(message);
  };
  channel.onmessage = (message: MessageEvent<ToPages | ToHolder>) => {
    const { data } = message;
    if (data.what === 'hello' || data.what === 'retry' || data.what === 'renew') {
      holder?.hear(data);
    } else {
      hear(data);
    }
  };
  elect(
    () => {
      holder = new Holder(eventsUrlOf(name), tellAll);
    },
    () => {
      holder?.stop();
      holder = null;
    },
  );
  return (message) => {
    if (holder) {
      holder.hear(message);
    } else {
      channel.postMessage(message);
    }
  };
}
