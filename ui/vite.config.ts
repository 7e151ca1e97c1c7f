import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  resolve: {
    alias: {
      // The runtime build has no message compiler: our messages are strings and plain functions.
      'vue-i18n': fileURLToPath(new URL('./node_modules/vue-i18n/dist/vue-i18n.runtime.mjs', import.meta.url)),
    },
  },
  define: {
    __VUE_OPTIONS_API__: 'true', // Element Plus needs it
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __INTLIFY_DROP_MESSAGE_COMPILER__: 'true',
  },
  build: {
    target: 'chrome87',
    assetsDir: 'assets',
    // A data: URI is no file that the content security policy's 'self' covers; so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The desk, and the units' own page, which must stay light: tools/check-unit-page.py weighs it.
    rollupOptions: { input: { index: 'index.html', unit: 'unit.html' } },
  },
  worker: { format: 'iife' },
  server: { proxy: { '/api': 'http://127.0.0.1:8090' } },
  test: { environment: 'jsdom', include: ['tests/**/*.test.ts'] },
});
