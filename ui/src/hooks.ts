// What the client needs of every page: who signs in, what time it is, in which words it tells what went wrong.

import { setHooks } from './api/client';
import { hearServerTime } from './stores/clock';
import { account, expired, look, requireSignIn } from './stores/session';
import { refusal } from './texts/problem';
import { language, t } from './texts';

export function connectClient(): void {
  setHooks({
    signIn: requireSignIn,
    expired: () => {
      expired.value = true;
    },
    who: () => account.value?.name ?? '',
    changed: () => void look().catch(() => undefined),
    serverTime: hearServerTime,
    language: () => language.value,
    words: {
      unreachable: () => t('request.unreachable'),
      foreign: (status) => t('request.foreign', { status }),
      signedOut: () => t('request.signedOut'),
      otherPerson: () => t('request.otherPerson'),
      refused: refusal,
    },
  });
}
