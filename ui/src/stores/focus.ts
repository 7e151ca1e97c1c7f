// After one's own action the control that had the keyboard is often gone: a form closes, a button has done its work. The
// keyboard then goes to what stands in its place, and not to the top of the page. Only for what a person has just done
// himself; an update never calls this.

const patience = 5_000;
const step = 60;

/** A button that is disabled has lost the keyboard as well. */
function isShown(element: Element): boolean {
  return element.isConnected && element.getClientRects().length > 0 && !element.matches(':disabled');
}

/** Waits until the control that has the keyboard now is gone, and gives the keyboard to the first of `places` there is. */
export function keepFocus(...places: (string | (() => Element | null | undefined))[]): void {
  const from = document.activeElement;
  if (!(from instanceof HTMLElement) || from === document.body) {
    return;
  }
  const until = Date.now() + patience;
  const look = () => {
    const active = document.activeElement;
    if (active && active !== document.body && active !== from) {
      return; // he has gone somewhere himself
    }
    if (isShown(from)) {
      if (Date.now() < until) {
        setTimeout(look, step);
      }
      return;
    }
    for (const place of places) {
      const found = typeof place === 'string' ? document.querySelector(place) : place();
      if (found instanceof HTMLElement && isShown(found)) {
        found.focus({ preventScroll: false });
        return;
      }
    }
  };
  setTimeout(look, step);
}
