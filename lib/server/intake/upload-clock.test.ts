import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failure } from '../testing';
import { UploadClock } from './upload-clock';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a body that is not whole in time is late', async () => {
  const clock = new UploadClock(1_000, 0);
  const late = failure(clock.late);
  vi.advanceTimersByTime(1_000);
  expect(await late).toMatchObject({
    type: 'upload-timeout',
    expected: expect.any(String) as string,
  });
});

test('a byte a second is too slow, and known after five seconds', async () => {
  const clock = new UploadClock(30_000, 4_000_000);
  const late = failure(clock.late);
  for (let second = 0; second < 5; second++) {
    clock.received(1);
    vi.advanceTimersByTime(1_000);
  }
  expect(await late).toMatchObject({
    type: 'upload-timeout',
    expected: 'at least 166667 bytes in 5 s',
    received: '5 bytes in 5 s',
  });
});

test('a burst at the beginning does not make up for silence later', async () => {
  const clock = new UploadClock(30_000, 2_000_000);
  const late = failure(clock.late);
  clock.received(1_900_000);
  vi.advanceTimersByTime(10_000);
  expect(await late).toMatchObject({ received: '0 bytes in 5 s' });
});

test('time in which the server does not read does not count', async () => {
  const clock = new UploadClock(1_000, 0);
  const isLate = vi.fn();
  clock.late.catch(isLate);
  vi.advanceTimersByTime(900);
  clock.pause();
  vi.advanceTimersByTime(60_000);
  clock.resume();
  vi.advanceTimersByTime(99);
  await Promise.resolve();
  expect(isLate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  await Promise.resolve();
  expect(isLate).toHaveBeenCalledOnce();
  clock.pause();
});
