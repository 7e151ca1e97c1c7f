// The units' own page: what one owes and decides, on a telephone, over a thin line. It stands on Vue alone.
import { createApp } from 'vue';
import UnitApp from './pages/UnitApp.vue';
import { connectClient } from './hooks';
import { startClock } from './stores/clock';
import { look } from './stores/session';
import { i18n } from './texts';
import './styles/unit.css';

connectClient();
startClock();
createApp(UnitApp).use(i18n).mount('#app');
look().catch(() => undefined); // the sign-in says what is wrong when somebody tries
