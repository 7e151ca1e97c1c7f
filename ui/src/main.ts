import { createApp } from 'vue';
import App from './App.vue';
import { connectClient } from './hooks';
import { startClock } from './stores/clock';
import { openSoundOnPress } from './stores/tones';
import { look } from './stores/session';
import { i18n } from './texts';
import 'element-plus/theme-chalk/base.css';
import 'element-plus/theme-chalk/el-button.css';
import 'element-plus/theme-chalk/el-dialog.css';
import 'element-plus/theme-chalk/el-overlay.css';
import 'element-plus/theme-chalk/el-input.css';
import './styles/theme.css';
import './styles/layout.css';
import './styles/forms.css';
import './styles/parts.css';
import './styles/exercise.css';
import './styles/exercise-paper.css';

connectClient();
openSoundOnPress();
startClock();
createApp(App).use(i18n).mount('#app');
look().catch(() => undefined); // the sign-in page says what is wrong when somebody tries
