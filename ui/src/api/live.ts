// Connects this page to the browser's one stream.

import { connectByLeader } from './leader';
import { streamName } from './place';
import type { ToHolder, ToPages } from './messages';

export function connectLive(hear: (message: ToPages) => void): (message: ToHolder) => void {
  if (typeof SharedWorker === 'undefined') {
    return connectByLeader(hear);
  }
  let tell: (message: ToHolder) => void = () => undefined;
  try {
    const worker = new SharedWorker(new URL('./events.worker.ts', import.meta.url), { name: streamName });
    worker.onerror = () => {
      // Its file could not be had; the tabs help themselves.
      tell = connectByLeader(hear);
    };
    worker.port.onmessage = (message: MessageEvent<ToPages>) => hear(message.data);
    worker.port.start();
    addEventListener('pagehide', () => worker.port.postMessage({ what: 'bye' }));
    addEventListener('pageshow', (event) => {
      if (event.persisted) {
        location.reload(); // back from the browser's cache: the port is gone, the data old
      }
    });
    tell = (message) => worker.port.postMessage(message);
  } catch {
    tell = connectByLeader(hear);
  }
  return (message) => tell(message);
}
