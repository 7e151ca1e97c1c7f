import { watch } from 'vue';
import { exercise } from '../api/place';
import { language, t } from '../texts';

/** Has the styles know that the page is of an exercise, and gives them the word that each printed sheet carries. Nothing on the real desk. */
export function markExercise(): void {
  if (exercise === null) {
    return;
  }
  document.documentElement.classList.add('is-exercise');
  watch(language, () => { document.body.dataset.exerciseMark = t('exercise.mark'); }, { immediate: true });
}
