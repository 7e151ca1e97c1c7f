// One's own second factor: begun with the password, confirmed by a code. What is shown once here is kept nowhere.

import { computed, reactive, ref } from 'vue';
import { encode } from 'uqr';
import { get } from '../api/client';
import type { FactorSecret, SecondFactor } from '../api/types';
import { useWrite } from './write';

export function useFactor() {
  const factor = ref<SecondFactor | null>(null);
  const secret = ref<FactorSecret | null>(null);
  const code = ref('');
  const recovery = ref<string[]>([]);
  const failure = ref('');
  const write = useWrite();

  async function read(): Promise<void> {
    try {
      factor.value = (await get<SecondFactor>('/second-factor')).data;
      failure.value = '';
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** True when it has begun. */
  async function begin(password: string): Promise<boolean> {
    const begun = await write.run('/second-factor', { password });
    secret.value = begun ? (begun as unknown as FactorSecret) : secret.value;
    return begun !== null;
  }

  async function confirm(): Promise<void> {
    const done = await write.run('/second-factor/confirmation', { code: code.value.replace(/\s/g, '') });
    if (done) {
      recovery.value = (done as unknown as { recovery_codes: string[] }).recovery_codes;
      secret.value = null;
      code.value = '';
      await read();
    }
  }

  /** True when it is gone. */
  async function remove(password: string): Promise<boolean> {
    const done = await write.run('/second-factor/removal', { password });
    if (done) {
      recovery.value = [];
      await read();
    }
    return done !== null;
  }

  /** The QR code as one path of squares. */
  const qr = computed(() => {
    if (!secret.value) {
      return null;
    }
    const { data, size } = encode(secret.value.uri, { border: 3 });
    return { size, path: data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('') };
  });

  return reactive({ factor, secret, code, recovery, failure, write, qr, read, begin, confirm, remove });
}
