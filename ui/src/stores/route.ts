// Where one is, in the part of the address behind "#": "/" the desk, "/incident/3", "/shifts", "/accounts", "/exercises" (all of them), "/exercise" (the part that one plays in this one).

import { computed, ref } from 'vue';

const path = ref(read());
export const here = computed(() => path.value);

function read(): string {
  return location.hash.replace(/^#/, '') || '/';
}

addEventListener('hashchange', () => {
  path.value = read();
});

export const page = computed<'desk' | 'shifts' | 'accounts' | 'exercises' | 'exercise'>(() => {
  const found = (['accounts', 'shifts', 'exercises', 'exercise'] as const).find((one) => path.value === `/${one}`);
  return found ?? 'desk';
});

export const shownIncident = computed<number | null>(() => {
  const match = /^\/incident\/([1-9]\d{0,14})$/.exec(path.value);
  return match ? Number(match[1]) : null;
});

export function go(to: string): void {
  location.hash = to;
  path.value = to;
}

export const incidentPath = (number: number) => `/incident/${number}`;
