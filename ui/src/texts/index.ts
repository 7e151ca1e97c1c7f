import { createI18n } from 'vue-i18n';
import { ref, watch } from 'vue';
import en from './en';
import type { Message } from './message';
import zhCN from './zh-CN';

type Keys<T> = {
  [K in keyof T & string]: T[K] extends string | Message ? K : `${K}.${Keys<T[K]>}`;
}[keyof T & string];

/** Every key there is: a text that is asked for and does not exist is a type error. */
export type TextKey = Keys<typeof zhCN>;

export type Language = 'zh-CN' | 'en';

const keptAt = 'pinyue.language';

function kept(): Language {
  try {
    return localStorage.getItem(keptAt) === 'en' ? 'en' : 'zh-CN';
  } catch {
    return 'zh-CN';
  }
}

export const language = ref<Language>(kept());

interface Texts { [name: string]: string | Message | Texts }

/** Every message as a function, so that no message compiler is needed, whose work our security policy might forbid. */
function asFunctions(texts: Texts): Texts {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      if (typeof text === 'string') {
        return [name, () => text];
      }
      return [name, typeof text === 'function' ? text : asFunctions(text)];
    }),
  );
}

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'zh-CN',
  // The messages are typed by their files; vue-i18n's own types know no plain functions of ours.
  messages: { 'zh-CN': asFunctions(zhCN), en: asFunctions(en) } as never,
});

// vue-i18n's own types would work out every path of the messages a second time.
const { t: translate } = i18n.global as unknown as { t: (key: string, named: Record<string, unknown>) => string };

/** The text of a key, with named values. */
export function t(key: TextKey, named: Record<string, unknown> = {}): string {
  return translate(key, named);
}

watch(
  language,
  (wanted) => {
    (i18n.global.locale as unknown as { value: string }).value = wanted;
    document.documentElement.lang = wanted;
    try {
      localStorage.setItem(keptAt, wanted);
    } catch {
      // remembered for this page only
    }
  },
  { immediate: true },
);
