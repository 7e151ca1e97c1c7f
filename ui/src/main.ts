import { createApp } from 'vue';
import { setHooks } from './api/client';
import App from './App.vue';
import { hearServerTime, startClock } from './stores/clock';
import { openSoundOnPress } from './stores/tones';
import { account, expired, look, requireSignIn } from './stores/session';
import { refusal } from './texts/problem';
import { i18n, language, t } from './texts';
import 'element-plus/theme-chalk/base.css';
import 'element-plus/theme-chalk/el-button.css';
import 'element-plus/theme-chalk/el-dialog.css';
import 'element-plus/theme-chalk/el-overlay.css';
import 'element-plus/theme-chalk/el-input.css';
import './styles/theme.css';
import './styles/layout.css';
import './styles/parts.css';

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
openSoundOnPress();
startClock();
createApp(App).use(i18n).mount('#app');
look().catch(() => undefined); // the sign-in page says what is wrong when somebody tries
