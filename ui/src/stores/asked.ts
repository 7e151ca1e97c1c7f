// What somebody has just asked to report.

import { ref } from 'vue';

/** The form takes these facts in, and the keyboard goes to the first. */
export const wantedFacts = ref<string[]>([]);
