import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreUnavailableError, StoreGuard } from './guard';
import type { Store } from './port';

let isBroken = false;
let hangs = false;
let guard: StoreGuard;

let refuses: string | undefined;
let probeHangs = false;

function answerProbe(): Promise<void> {
  if (probeHangs) return new Promise(() => undefined);
  return refuses ? Promise.reject(new Error(refuses)) : answerPing();
}

function answerPing(): Promise<void> {
  if (hangs) return new Promise(() => undefined);
  return isBroken ? Promise.reject(new Error('refused')) : Promise.resolve();
}

const store = {
  kind: 'redis',
  ping: answerPing,
  probe: answerProbe,
} as unknown as Store;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  isBroken = hangs = probeHangs = false;
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

  test('sees a busy store begin to refuse what a probe writes, though it takes other writes', async () => {
    refuses = 'OOM command not allowed';
    for (let i = 0; i < 30; i++) {
      await answer().catch(() => undefined);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(guard.isUnavailable).toBe(true);
  });

  test('sees writes hang, though pings and other writes are answered', async () => {
    probeHangs = true;
    for (let i = 0; i < 40; i++) {
      await answer().catch(() => undefined);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(guard.isUnavailable).toBe(true);
    probeHangs = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(guard.isUnavailable).toBe(false);
  });

  test('reads that took too long are open again when one of them succeeds', async () => {
    let isSlow = true;
    const read = () =>
      guard.read(() => (isSlow ? new Promise<never>(() => undefined) : Promise.resolve('read')));
    const late = Promise.allSettled([read(), read(), read()]);
    await vi.advanceTimersByTimeAsync(300);
    await late;
    expect(guard.trouble).toMatch(/^cannot be read: /);
    isSlow = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(guard.trouble).toBeUndefined();
    await expect(read()).resolves.toBe('read');
  });

  test('a refused read is told until that read succeeds, though pings and writes do', async () => {
    let isDamaged = true;
    const read = () =>
      isDamaged
        ? Promise.reject(Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' }))
        : Promise.resolve('read');
    await expect(guard.read(read)).rejects.toThrow(StoreUnavailableError);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(guard.isUnavailable).toBe(false);
    expect(guard.trouble).toMatch(/^cannot be read: DATA_DIR\/sightline.db is damaged/);
    await expect(answer()).resolves.toBe('answer');
    isDamaged = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(guard.trouble).toBeUndefined();
    await expect(guard.read(read)).resolves.toBe('read');
  });

  test('over REST an idle store is seen to go within 35 seconds, and to return within five', async () => {
    guard.stop();
    guard = new StoreGuard({ ...store, kind: 'upstash' });
    isBroken = true;
    await vi.advanceTimersByTimeAsync(35_000);
    expect(guard.isUnavailable).toBe(true);
    isBroken = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(guard.isUnavailable).toBe(false);
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
