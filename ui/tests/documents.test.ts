import { expect, test } from 'vitest';
import type { DocumentDuty, DocumentForm } from '../src/api/types';
import { owedTo, readNames, sortForms } from '../src/stores/documents';

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
