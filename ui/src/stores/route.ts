// Where one is, in the part of the address behind "#": "/" the desk, "/incident/3", "/shifts", "/accounts".

import { computed, ref } from 'vue';

const path = ref(read());

function read(): string {
  return location.hash.replace(/^#/, '') || '/';
}

addEventListener('hashchange', () => {
  path.value = read();
});

export const page = computed<'desk' | 'shifts' | 'accounts'>(() => (path.value === '/accounts' ? 'accounts' : path.value === '/shifts' ? 'shifts' : 'desk'));

export const shownIncident = computed<number | null>(() => {
  const match = /^\/incident\/([1-9]\d{0,14})$/.exec(path.value);
  return match ? Number(match[1]) : null;
});

export function go(to: string): void {
  location.hash = to;
  path.value = to;
}

export const incidentPath = (number: number) => `/incident/${number}`;
