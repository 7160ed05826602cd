import { expect, test } from 'vitest';
import { problemDetails } from '../http/error-format';
import { jsonResponse } from '../http/json-response';
import type { Store } from '../store/port';
import { limited } from './limited';
import type { Runtime } from './runtime';

/** What is done, in order. */
function follow(kind: Store['kind']) {
  const done: string[] = [];
  const note = (what: string) => Promise.resolve(void done.push(what));
  const later: (() => Promise<void>)[] = [];
  const runtime = {
    guard: { store: { kind } },
    quotas: {
      identify: () => Promise.resolve({ name: 'ip:192.0.2.1' }),
      takeFor: () =>
        Promise.resolve({ cost: 1, headers: () => ({}), refund: () => note('refund') }),
    },
    uploads: { admit: (_: Request, work: () => Promise<unknown>) => work() },
    recorder: {
      record: (fields: string[]) => (fields.length > 0 ? note('record') : Promise.resolve()),
      flush: () => note('flush'),
    },
  } as unknown as Runtime;
  const handler = () => ({ response: jsonResponse({}, { headers: {} }), counted: [] });
  const answer = limited({ name: 'test', policy: 'read', handler }, runtime, problemDetails);
  const context = {
    request: new Request('http://localhost/'),
    params: {},
    answerId: 'x',
    requestId: 'x',
    notes: {},
    startedAtMs: 0,
    charge: () => Promise.resolve(),
  };
  const ask = () => answer(context, { after: (work) => later.push(work) });
  return { done, later, ask };
}

test('over REST counts are sent when the answer has left, before a function freezes', async () => {
  const { done, later, ask } = follow('upstash');
  await ask();
  expect(done).toEqual(['record']);
  await Promise.all(later.map((work) => work()));
  expect(done).toEqual(['record', 'flush']);
});

test.each(['embedded', 'redis'] as const)('%s waits for nothing after an answer', async (kind) => {
  const { later, ask } = follow(kind);
  await ask();
  expect(later).toEqual([]);
});
