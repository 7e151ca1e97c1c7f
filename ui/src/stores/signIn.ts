// What every form of signing in shares: name, password, and the code once the server has asked for one; and signing out. The forms
// only draw it.

import { nextTick, reactive, ref, type Ref } from 'vue';
import { RequestError } from '../api/client';
import { t } from '../texts';
import { signIn, signOut } from './session';

export interface SignIn {
  name: string;
  password: string;
  code: string;
  /** The server has said that this account has a second factor. */
  asksCode: boolean;
  busy: boolean;
  failure: string;
  submit: () => Promise<void>;
}

/** `done` when one is signed in; `focusCode` when the field for the code has come. */
export function useSignIn(name: string, done: () => void, focusCode: () => void): SignIn {
  const form: SignIn = reactive({ name, password: '', code: '', asksCode: false, busy: false, failure: '', submit });

  async function submit(): Promise<void> {
    if (form.busy) {
      return;
    }
    form.busy = true;
    form.failure = '';
    try {
      await signIn(form.name.trim(), form.password, form.code.trim());
      form.password = '';
      form.code = '';
      form.asksCode = false;
      done();
    } catch (error) {
      form.failure = error instanceof RequestError ? error.message : t('signIn.failed', { detail: error instanceof Error ? error.message : String(error) });
      if (error instanceof RequestError && error.problem?.field === 'code') {
        form.asksCode = true;
        form.code = '';
        void nextTick(focusCode);
      }
    } finally {
      form.busy = false;
    }
  }
  return form;
}

/** Signing out, and why it has failed. */
export function useSignOut(): { out: () => Promise<void>; failure: Ref<string> } {
  const failure = ref('');
  async function out(): Promise<void> {
    try {
      failure.value = '';
      await signOut();
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
    }
  }
  return { out, failure };
}
