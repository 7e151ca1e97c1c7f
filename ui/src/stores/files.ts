// Files on their way to the server: sent in parts, gone on with by themselves after a lost line, a reload or a sign-in.
// What is to be sent lies in this browser's database until the server has all of it; which file it is (its key) stands in
// the draft of the form that it belongs to. "Sent" means the server's 201 and nothing else.

import { reactive, watch } from 'vue';
import { newKey } from '../api/key';
import { RequestError, transfer } from '../api/client';
import type { Upload, Uploaded } from '../api/types';
import { dropBlob, keepBlob, readBlob } from './blobs';
import { account, onSignedIn } from './session';
import { t } from '../texts';

/** As it stands in a draft. `sha256` is empty until the server has all of it. */
export interface SentFile { key: string; name: string; size: number; sha256: string }

/** missing: this browser has not got the file (any more): it has to be chosen once more. */
export type FileState = 'sending' | 'paused' | 'lost' | 'refused' | 'missing' | 'done';

export interface Job { state: FileState; offset: number; detail: string }

export const bytesMost = 50 * 1024 * 1024;
const part = 256 * 1024;
const pauses = [1_000, 2_000, 5_000, 10_000, 15_000];

interface Running { file: SentFile; job: Job; blob: Blob | null; stop: AbortController; timer: ReturnType<typeof setTimeout> | null; losses: number; active: boolean }

const running = new Map<string, Running>();

async function digest(blob: Blob): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) {
    return undefined; // no secure context; the server finds it out by itself
  }
  const found = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return [...new Uint8Array(found)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function begin(one: Running): Promise<Upload> {
  const { file, blob } = one;
  // With its key the server finds the file again, as far as it has come.
  const body = { name: file.name, bytes: file.size, sha256: blob ? await digest(blob) : undefined };
  const { json } = await transfer('POST', '/uploads', { 'Idempotency-Key': file.key }, JSON.stringify(body), one.stop.signal);
  return json as Upload;
}

async function append(one: Running, upload: Upload): Promise<{ status: number; json: unknown }> {
  const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(upload.offset) };
  const slice = one.blob?.slice(upload.offset, upload.offset + part) ?? new Blob([]);
  // A slice of a file that has been changed or taken away since cannot be read; that is no lost line.
  const bytes = slice.size ? new Blob([await slice.arrayBuffer()]) : slice;
  return transfer('PATCH', `/uploads/${upload.id}`, headers, bytes, one.stop.signal);
}

/** True when all of it is there. */
async function send(one: Running): Promise<boolean> {
  let upload = await begin(one);
  for (;;) {
    one.job.offset = upload.offset;
    if (!one.blob && upload.offset < upload.bytes) {
      one.job.state = 'missing';
      return false;
    }
    const { status, json } = await append(one, upload);
    one.losses = 0;
    one.job.offset = (json as Upload).offset;
    if (status === 201) {
      one.file.sha256 = (json as Uploaded).sha256;
      return true;
    }
    upload = json as Upload;
  }
}

function later(one: Running): void {
  const wait = pauses[Math.min(one.losses, pauses.length - 1)]!;
  one.losses += 1;
  one.timer = setTimeout(() => void go(one), wait);
}

function fail(one: Running, error: unknown): void {
  const { job } = one;
  if (running.get(one.file.key) !== one) {
    return; // another person sits here
  }
  job.detail = error instanceof Error ? error.message : String(error);
  if (job.state === 'paused') {
    return; // stopped by a person
  }
  if (!(error instanceof RequestError)) {
    job.state = 'missing'; // the file cannot be read
    one.blob = null;
    return;
  }
  // Another window goes on with it (409), a line is lost, the session is gone: it goes on by itself.
  const passes = error.unreachable || error.status === 401 || error.status === 409 || error.status === 503;
  job.state = passes ? 'lost' : 'refused';
  if (passes) {
    later(one);
  }
}

async function go(one: Running): Promise<void> {
  if (one.active || running.get(one.file.key) !== one) {
    return;
  }
  if (one.timer !== null) {
    clearTimeout(one.timer);
    one.timer = null;
  }
  one.active = true;
  one.stop = new AbortController();
  one.job.state = 'sending';
  one.job.detail = '';
  try {
    if (await send(one)) {
      one.job.state = 'done';
      void dropBlob(one.file.key);
    }
  } catch (error) {
    fail(one, error);
  } finally {
    one.active = false;
  }
}

function start(file: SentFile, blob: Blob | null): Job {
  const job = reactive<Job>({ state: 'sending', offset: 0, detail: '' });
  const one: Running = { file, job, blob, stop: new AbortController(), timer: null, losses: 0, active: false };
  running.set(file.key, one);
  void go(one);
  return job;
}

/** How it stands with a file of a draft; one that was on its way before a reload is gone on with. */
export function jobOf(file: SentFile): Job {
  const old = running.get(file.key);
  if (old) {
    // Another window may have sent it, or the draft have been read anew.
    file.sha256 = file.sha256 || old.file.sha256;
    old.file = file;
    if (file.sha256 && !old.active) {
      old.job.state = 'done';
      old.job.offset = file.size;
    }
    return old.job;
  }
  if (file.sha256) {
    const job = reactive<Job>({ state: 'done', offset: file.size, detail: '' });
    running.set(file.key, { file, job, blob: null, stop: new AbortController(), timer: null, losses: 0, active: false });
    return job;
  }
  const job = reactive<Job>({ state: 'sending', offset: 0, detail: '' });
  const one: Running = { file, job, blob: null, stop: new AbortController(), timer: null, losses: 0, active: false };
  running.set(file.key, one);
  void readBlob(file.key).then((blob) => {
    one.blob = blob;
    void go(one);
  });
  return job;
}

/** Takes a file that somebody has chosen into a draft's list, and sends it. What cannot be sent is said instead. */
export function addFile(files: SentFile[], chosen: File): string {
  const missing = files.find((one) => !one.sha256 && one.name === chosen.name && one.size === chosen.size && jobOf(one).state === 'missing');
  if (missing) {
    supply(missing, chosen);
    return '';
  }
  if (chosen.size > bytesMost || chosen.size === 0) {
    return t(chosen.size ? 'files.tooLong' : 'files.empty', { name: chosen.name });
  }
  files.push({ key: newKey(), name: chosen.name, size: chosen.size, sha256: '' });
  const file = files[files.length - 1]!; // as the draft holds it, so that the draft hears of its hash
  void keepBlob(file.key, chosen).finally(() => undefined);
  start(file, chosen);
  return '';
}

function supply(file: SentFile, blob: Blob): void {
  const one = running.get(file.key);
  if (one) {
    one.blob = blob;
    void keepBlob(file.key, blob);
    void go(one);
  }
}

export function pauseFile(file: SentFile): void {
  const one = running.get(file.key);
  if (one && (one.job.state === 'sending' || one.job.state === 'lost')) {
    one.job.state = 'paused';
    one.stop.abort();
    if (one.timer !== null) {
      clearTimeout(one.timer);
      one.timer = null;
    }
  }
}

export function resumeFile(file: SentFile): void {
  const one = running.get(file.key);
  if (one) {
    one.losses = 0;
    void go(one);
  }
}

/** Takes it out of the draft; the server forgets what has arrived of it. */
export function removeFile(files: SentFile[], file: SentFile): void {
  const one = running.get(file.key);
  const at = files.findIndex(({ key }) => key === file.key);
  if (at >= 0) {
    files.splice(at, 1);
  }
  if (one && one.job.state !== 'done') {
    one.job.state = 'paused';
    one.stop.abort();
    running.delete(file.key);
    void transfer('POST', '/uploads', { 'Idempotency-Key': file.key }, JSON.stringify({ name: file.name, bytes: file.size }))
      .then(({ json }) => transfer('DELETE', `/uploads/${(json as Upload).id}`, {}))
      .catch(() => undefined); // cleared away by the server in the end
  }
  void dropBlob(file.key);
}

/** All of them are at the server. */
export const allSent = (files: SentFile[]): boolean => files.every(({ sha256 }) => sha256 !== '');

function resumeLost(): void {
  for (const one of running.values()) {
    if (one.job.state === 'lost') {
      one.losses = 0;
      void go(one);
    }
  }
}
addEventListener('online', resumeLost);
onSignedIn(resumeLost);

/** Stops all of them. What is not sent goes on when its draft is shown again. */
export function dropFilesFromMemory(): void {
  for (const one of running.values()) {
    one.stop.abort();
    if (one.timer !== null) {
      clearTimeout(one.timer);
    }
  }
  running.clear();
}

// Another person sits here: nothing that the one before has chosen is sent in this one's name.
let owner = account.value?.name ?? '';
watch(
  () => account.value?.name,
  (name) => {
    if (name) {
      if (owner !== '' && owner !== name) {
        dropFilesFromMemory();
      }
      owner = name;
    }
  },
  { flush: 'sync' },
);
