import { createApp, defineComponent, h, nextTick, ref } from 'vue';
import { expect, test, vi } from 'vitest';
import type { DocumentDuty, DocumentForm, NewDocument } from '../src/api/types';
import { withoutUnseen } from '../src/parts/unseen';
import { owedTo, readNames, sortForms, usePreview } from '../src/stores/documents';

const duty = (recipient: string | null, more: Partial<DocumentDuty> = {}): DocumentDuty => ({ id: '1.1', name: 'd', bearer: null, recipient, status: 'owed', due_at: null, done_at: null, overdue: false, optional: false, ...more });
const form = (name: string, more: Partial<DocumentForm> = {}): DocumentForm => ({ form: name, spoken: false, clauses: [], signers: [], addressees: [], duties: [], proposal: null, open: 0, due_at: null, overdue: false, signed: [], dispatches: [], submitted: null, ...more });

test('what is due comes first, the soonest before all; then what has been sent; then the rest in the plan\'s order', () => {
  const sorted = sortForms([
    form('idle'),
    form('later', { open: 1, due_at: '2022-08-20T07:00:00Z' }),
    form('no clock', { open: 1 }),
    form('sent', { dispatches: [{} as never] }),
    form('soon', { open: 2, due_at: '2022-08-20T06:30:00Z' }),
    form('idle too'),
  ]);
  expect(sorted.map((one) => one.form)).toEqual(['soon', 'later', 'no clock', 'sent', 'idle', 'idle too']);
});

test('something is owed to a recipient once, and an option is owed to nobody', () => {
  const duties = [duty('甲'), duty('甲'), duty('乙', { status: 'done' }), duty('丙', { optional: true }), duty(null), duty('丁')];
  expect(owedTo(form('x', { duties }))).toEqual(['甲', '丁']);
});

test('names are read from lines and from what people put between them', () => {
  expect(readNames('区委\n区政府、 市森防办,  \n')).toEqual(['区委', '区政府', '市森防办']);
});

test('what nobody sees on paper is taken out of a text; blanks, ends of lines and letters stay', () => {
  expect(withoutUnseen('\uFEFF甲\u202E12\u202C\u200B乙\u00AD\u0007\u007F\u034F')).toBe('甲12乙');
  expect(withoutUnseen('3\t5\r\n　村\u2028\u0085é 镕\u{20BB7}\uE123')).toBe('3\t5\r\n　村\u2028\u0085é 镕\u{20BB7}\uE123');
});

test('one preview is asked for at a time, of what was typed meanwhile the last; a server that is busy is asked again', async () => {
  vi.useFakeTimers();
  URL.createObjectURL = () => 'blob:x';
  URL.revokeObjectURL = () => undefined;
  const asked: { body: string; answer: (status: number) => void }[] = [];
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) =>
    new Promise<Response>((resolve) => {
      asked.push({
        body: (JSON.parse(body) as NewDocument).body,
        answer: (status) => resolve(new Response(JSON.stringify(status === 200 ? { pdf: '', pages: 1, missing: [], borrowed: [], fonts: {} } : { title: 'busy', detail: 'busy' }), { status, headers: { 'Content-Type': 'application/json' } })),
      });
    }));
  const typed = ref('a');
  let view: ReturnType<typeof usePreview> | null = null;
  const app = createApp(defineComponent({
    setup() {
      view = usePreview(1, () => ({ form: 'f', title: 't', body: typed.value, addressees: [] }));
      return () => h('p');
    },
  }));
  app.mount(document.createElement('div'));
  const type = async (text: string) => {
    typed.value = text;
    await nextTick();
    await vi.advanceTimersByTimeAsync(1_000);
  };
  await vi.advanceTimersByTimeAsync(1_000);
  await type('ab');
  await type('abc');
  expect(asked.map(({ body }) => body)).toEqual(['a']);
  asked[0]!.answer(200);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.map(({ body }) => body)).toEqual(['a', 'abc']);
  expect(view!.fresh.value).toBe(false);
  asked[1]!.answer(503);
  await vi.advanceTimersByTimeAsync(100);
  expect(view!.problem.value).toContain('busy');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(asked.map(({ body }) => body)).toEqual(['a', 'abc', 'abc']);
  asked[2]!.answer(200);
  await vi.advanceTimersByTimeAsync(0);
  expect([view!.fresh.value, view!.problem.value]).toEqual([true, '']);
  app.unmount();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
