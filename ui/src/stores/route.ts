// Where one is, in the part of the address behind "#": "/" the desk, "/incident/3", "/audit/3" (now) or "/audit/3/57" (after event 57),
// "/shifts", "/accounts", "/exercises" (all of them), "/exercise" (the part that one plays in this one).

import { computed, ref, watch } from 'vue';

const path = ref(read());
export const here = computed(() => path.value);

function read(): string {
  return location.hash.replace(/^#/, '') || '/';
}

addEventListener('hashchange', () => {
  path.value = read();
});

/** Which incident is looked back at, and after which event; 0: as it is now. */
export const audited = computed<{ incident: number; sequence: number } | null>(() => {
  const match = /^\/audit\/([1-9]\d{0,14})(?:\/([1-9]\d{0,14}))?$/.exec(path.value);
  return match ? { incident: Number(match[1]), sequence: Number(match[2] ?? 0) } : null;
});

export const page = computed<'desk' | 'shifts' | 'accounts' | 'audit' | 'exercises' | 'exercise'>(() => {
  const found = (['accounts', 'shifts', 'exercises', 'exercise'] as const).find((one) => path.value === `/${one}`);
  return found ?? (audited.value ? 'audit' : 'desk');
});

export const shownIncident = computed<number | null>(() => {
  const match = /^\/incident\/([1-9]\d{0,14})$/.exec(path.value);
  return match ? Number(match[1]) : null;
});

/** The incident that was shown last, also while another page is looked at; null where there was none. */
export const lastIncident = ref<number | null>(null);
watch(
  () => audited.value?.incident ?? shownIncident.value,
  (number) => {
    lastIncident.value = number ?? lastIncident.value;
  },
  { immediate: true },
);

export function go(to: string): void {
  location.hash = to;
  path.value = to;
}

/** The same place of the browser's history, at another address. */
export function stay(at: string): void {
  history.replaceState(null, '', `#${at}`);
  path.value = at;
}

export const auditPath = (incident: number, sequence = 0) => (sequence ? `/audit/${incident}/${sequence}` : `/audit/${incident}`);
export const incidentPath = (number: number) => `/incident/${number}`;
