// What is looked for in the telephone book, and in which plan's.

import { ref } from 'vue';

export const bookQuery = ref('');
/** The plan whose book was asked for; empty: that of the shown incident. Holds while something is looked for. */
export const bookPlan = ref('');
