import { expect, test, vi } from 'vitest';
import { inTime, StorageTimeout } from './in-time';

test('what is answered or refused in time is passed on, and leaves no timer', async () => {
  vi.useFakeTimers();
  await expect(inTime(Promise.resolve(1))).resolves.toBe(1);
  await expect(inTime(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(vi.getTimerCount()).toBe(0);
});

test('what is never answered is given up', async () => {
  vi.useFakeTimers();
  const waiting = inTime(new Promise(() => undefined));
  const given = expect(waiting).rejects.toBeInstanceOf(StorageTimeout);
  await vi.runAllTimersAsync();
  await given;
});
