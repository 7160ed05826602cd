import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreUnavailableError, StoreGuard } from './guard';
import type { Store } from './port';

let isBroken = false;
let hangs = false;
let guard: StoreGuard;

let refuses: string | undefined;

function answerPing(): Promise<void> {
  if (hangs) return new Promise(() => undefined);
  return isBroken ? Promise.reject(new Error('refused')) : Promise.resolve();
}

const store = {
  kind: 'redis',
  ping: answerPing,
  probe: () => (refuses ? Promise.reject(new Error(refuses)) : answerPing()),
} as unknown as Store;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  isBroken = hangs = false;
  refuses = undefined;
  guard = new StoreGuard(store);
});

afterEach(() => {
  guard.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const hang = () => guard.run(() => new Promise<never>(() => undefined));
const answer = () => guard.run(() => Promise.resolve('answer'));

describe('StoreGuard', () => {
  test('passes on what the store answers', async () => {
    await expect(answer()).resolves.toBe('answer');
    expect(guard.isUnavailable).toBe(false);
  });

  test('detects an outage by pings alone within two seconds, and its end within five', async () => {
    isBroken = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(guard.isUnavailable).toBe(true);
    await expect(answer()).rejects.toThrow(StoreUnavailableError);
    isBroken = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(guard.isUnavailable).toBe(false);
    await expect(answer()).resolves.toBe('answer');
  });

  test('detects a store that hangs within two seconds', async () => {
    hangs = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(guard.isUnavailable).toBe(true);
  });

  test('waits at most 300 ms, and only once for each caller', async () => {
    const waiting = hang().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(300);
    expect(await waiting).toBeInstanceOf(StoreUnavailableError);
    await expect(answer()).rejects.toThrow(StoreUnavailableError);
    expect(guard.isUnavailable).toBe(false);
    await vi.advanceTimersByTimeAsync(300);
    await expect(answer()).resolves.toBe('answer');
  });

  test('counts errors and keeps the last one for health', async () => {
    const refused = () => guard.run(() => Promise.reject(new Error('refused')));
    for (let i = 0; i < 3; i++) await expect(refused()).rejects.toThrow(StoreUnavailableError);
    expect(guard.errors).toBe(3);
    expect(guard.lastError).toBe('refused');
    expect(guard.isUnavailable).toBe(true);
  });

  test('is unavailable when the store takes no writes, and reads go on', async () => {
    refuses = 'READONLY You cannot write against a read only replica.';
    await vi.advanceTimersByTimeAsync(2_500);
    expect(guard.isUnavailable).toBe(true);
    expect(guard.lastError).toBe(
      'this Redis is a read-only replica (READONLY You cannot write against a read only replica.)',
    );
    await expect(answer()).rejects.toThrow(StoreUnavailableError);
    await expect(guard.read(() => Promise.resolve('read'))).resolves.toBe('read');
    refuses = undefined;
    await vi.advanceTimersByTimeAsync(500);
    expect(guard.isUnavailable).toBe(false);
  });

  test('sees an idle store begin to refuse writes, though it answers pings', async () => {
    await vi.advanceTimersByTimeAsync(10_000);
    expect(guard.isUnavailable).toBe(false);
    refuses = 'NOREPLICAS Not enough good replicas to write.';
    await vi.advanceTimersByTimeAsync(3_000);
    expect(guard.isUnavailable).toBe(true);
  });

  test('one refusal makes the store unavailable at once', async () => {
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    await expect(guard.run(() => Promise.reject(full))).rejects.toThrow('the disk under DATA_DIR');
    expect(guard.isUnavailable).toBe(true);
  });

  test('comes back only when the failed write succeeds', async () => {
    let isTaken = false;
    guard.beforeReturn(() => (isTaken ? Promise.resolve() : Promise.reject(new Error('OOM no'))));
    await expect(guard.run(() => Promise.reject(new Error('OOM no')))).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(guard.isUnavailable).toBe(true);
    isTaken = true;
    await vi.advanceTimersByTimeAsync(500);
    expect(guard.isUnavailable).toBe(false);
  });
});
