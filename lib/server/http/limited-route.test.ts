import { afterEach, expect, test } from 'vitest';
import type { Runtime } from '../process/runtime';
import type { Store } from '../store/port';
import { provideAfter } from './after';
import { limitedRoute } from './limited-route';

const RUNTIME_KEY = Symbol.for('sightline.runtime');
const holder = globalThis as { [RUNTIME_KEY]?: Promise<Runtime> };

afterEach(() => {
  delete holder[RUNTIME_KEY];
});

/** What is done, in order. */
function follow(kind: Store['kind']): { done: string[]; later: (() => Promise<void>)[] } {
  const done: string[] = [];
  const note = (what: string) => Promise.resolve(void done.push(what));
  const later: (() => Promise<void>)[] = [];
  provideAfter((work) => later.push(work));
  holder[RUNTIME_KEY] = Promise.resolve({
    guard: { store: { kind } },
    quotas: { take: () => Promise.resolve({ headers: () => ({}), refund: () => note('refund') }) },
    uploads: { admit: (_: Request, work: () => Promise<unknown>) => work() },
    recorder: { record: () => note('record'), flush: () => note('flush') },
  } as unknown as Runtime);
  return { done, later };
}

const answer = limitedRoute('read', 'test', () =>
  Promise.resolve({ response: Response.json({}), counted: [] }),
);
const ask = () => answer(new Request('http://localhost/'), { params: Promise.resolve({}) });

test('over REST counts are sent when the answer has left, before a function freezes', async () => {
  const { done, later } = follow('upstash');
  await ask();
  expect(done).toEqual(['record']);
  await Promise.all(later.map((work) => work()));
  expect(done).toEqual(['record', 'flush']);
});

test.each(['embedded', 'redis'] as const)('%s waits for nothing after an answer', async (kind) => {
  const { later } = follow(kind);
  await ask();
  expect(later).toEqual([]);
});
