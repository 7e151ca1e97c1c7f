// Files on their way when another person sits down.
import { expect, test, vi } from 'vitest';
import { addFile, jobOf, type SentFile } from '../src/stores/files';
import { account } from '../src/stores/session';

const person = (name: string) => ({ name, display_name: name, administrator: false, desk: true, parties: [] });

test('what one has chosen is not sent in the name of another', async () => {
  vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes }); // no digest here, as in an insecure context
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('cut')));
  account.value = person('officer');
  const files: SentFile[] = [];
  expect(addFile(files, new File(['x'], 'x.txt'))).toBe('');
  const job = jobOf(files[0]!);
  await vi.waitFor(() => expect(job.state).toBe('lost'));
  dispatchEvent(new Event('online'));
  expect(job.state).toBe('sending'); // it goes on by itself
  await vi.waitFor(() => expect(job.state).toBe('lost'));
  account.value = person('next');
  dispatchEvent(new Event('online'));
  expect(job.state).toBe('lost');
});
