import { expect, test } from 'vitest';
import { Hold } from './hold';

test('what is not held goes on at once', async () => {
  expect(await new Hold().whenFree(new AbortController().signal)).toBe(false);
});

test('what is held waits until it goes on', async () => {
  const hold = new Hold();
  hold.set(true);
  const order: string[] = [];
  const waiting = hold.whenFree(new AbortController().signal).then((waited) => {
    order.push('free');
    return waited;
  });
  await Promise.resolve();
  hold.set(true);
  order.push('still held');
  hold.set(false);
  expect(await waiting).toBe(true);
  expect(order).toEqual(['still held', 'free']);
});

test('does not wait for what has ended', async () => {
  const hold = new Hold();
  hold.set(true);
  const controller = new AbortController();
  const waiting = hold.whenFree(controller.signal);
  controller.abort();
  expect(await waiting).toBe(true);
  expect(await hold.whenFree(controller.signal)).toBe(false);
});
