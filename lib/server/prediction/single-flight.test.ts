import { describe, expect, test, vi } from 'vitest';
import { SingleFlight } from './single-flight';

/** Work that ends when the test says so. */
function controlled() {
  const { promise, resolve, reject } = deferred<string>();
  let signal: AbortSignal | undefined;
  const work = vi.fn((given: AbortSignal) => {
    signal = given;
    return promise;
  });
  return { work, resolve, reject, isAborted: () => signal?.aborted };
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
}

describe('SingleFlight', () => {
  test('equal keys in flight run once and share the result', async () => {
    const flights = new SingleFlight<string>();
    const { work, resolve } = controlled();
    const both = [flights.run('a', work), flights.run('a', work)];
    resolve('done');
    expect(await Promise.all(both)).toEqual(['done', 'done']);
    expect(work).toHaveBeenCalledOnce();
    expect(flights.size).toBe(0);
  });

  test('another key, or the same key later, runs again', async () => {
    const flights = new SingleFlight<string>();
    const work = vi.fn(() => Promise.resolve('done'));
    await Promise.all([flights.run('a', work), flights.run('b', work)]);
    await flights.run('a', work);
    expect(work).toHaveBeenCalledTimes(3);
  });

  test('a failure reaches every caller and is not kept', async () => {
    const flights = new SingleFlight<string>();
    const { work, reject } = controlled();
    const both = [flights.run('a', work), flights.run('a', work)];
    reject(new Error('broken'));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(flights.run('a', () => Promise.resolve('again'))).resolves.toBe('again');
  });

  test('a caller that gives up does not affect the others', async () => {
    const flights = new SingleFlight<string>();
    const { work, resolve, isAborted } = controlled();
    const controller = new AbortController();
    const leaver = flights.run('a', work, controller.signal);
    const stayer = flights.run('a', work);
    controller.abort(new Error('gone'));
    await expect(leaver).rejects.toThrow('gone');
    expect(isAborted()).toBe(false);
    resolve('done');
    expect(await stayer).toBe('done');
  });

  test('work is cancelled when its last caller gives up, and the next caller starts it again', async () => {
    const flights = new SingleFlight<string>();
    const { work, isAborted } = controlled();
    const controller = new AbortController();
    const only = flights.run('a', work, controller.signal);
    controller.abort(new Error('gone'));
    await expect(only).rejects.toThrow('gone');
    expect(isAborted()).toBe(true);
    await expect(flights.run('a', () => Promise.resolve('new'))).resolves.toBe('new');
  });

  test('a caller that has already given up starts nothing', async () => {
    const work = vi.fn(() => Promise.resolve('done'));
    await expect(new SingleFlight<string>().run('a', work, AbortSignal.abort())).rejects.toThrow();
    expect(work).not.toHaveBeenCalled();
  });
});
