// The shared worker: one stream for all tabs of the browser, as HTTP/1.1 gives it six connections in all.

import { Holder } from './holder';
import { eventsUrlOf } from './place';
import type { ToHolder, ToPages } from './messages';

interface SharedScope { onconnect: ((event: MessageEvent) => void) | null }

const ports = new Set<MessagePort>();

function tell(message: ToPages): void {
  // A port whose page is gone takes messages for nothing; that is cheap, and nothing tells us that it is gone.
  for (const port of ports) {
    port.postMessage(message);
  }
}

const holder = new Holder(eventsUrlOf(self.name), tell);

(self as unknown as SharedScope).onconnect = (event) => {
  const port = event.ports[0];
  if (!port) {
    return;
  }
  ports.add(port);
  port.onmessage = (message: MessageEvent<ToHolder | { what: 'bye' }>) => {
    if (message.data.what === 'bye') {
      ports.delete(port);
    } else {
      holder.hear(message.data);
    }
  };
  holder.hear({ what: 'hello' });
};
