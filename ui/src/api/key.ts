// An idempotency key is drawn once for each thing that is said, and kept for as long as that thing may be sent again.

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 24 letters of 6 random bits each. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => letters[byte & 63]).join('');
}
