import { beforeEach, describe, expect, test } from 'vitest';
import { StoreGuard } from '../../store/guard';
import type { KeyRecord, Store } from '../../store/port';
import { formatSession, issueSession } from './sessions';
import { ApiKeys, createKey, revokeKey, rotateKey } from './api-keys';

const NOW_MS = 1_000_000;
const KNOWN_FOR_MS = 2_000;

let records: Map<string, KeyRecord>;
let used: string[];
let isUnavailable: boolean;
let store: Store;

beforeEach(() => {
  records = new Map();
  used = [];
  isUnavailable = false;
  const answer = <T>(value: T) =>
    isUnavailable ? Promise.reject(new Error('unavailable')) : Promise.resolve(value);
  store = {
    kind: 'redis',
    saveKey: (record: KeyRecord) => answer(void records.set(record.id, record)),
    findKey: (id: string) => answer(records.get(id)),
    recordKeyUse: (id: string) => answer(void used.push(id)),
    ping: () => answer(undefined),
  } as unknown as Store;
});

describe('ApiKeys', () => {
  test('knows a key by its hash, which is all that is kept', async () => {
    const { key, record } = await createKey(store, { name: 'a' }, NOW_MS);
    const secret = key.slice(`sl_${record.id}_`.length);
    expect(secret).toHaveLength(43);
    expect(JSON.stringify([...records])).not.toContain(secret);
    expect(await new ApiKeys(new StoreGuard(store)).verify(key)).toMatchObject({ id: record.id });
  });

  test.each([
    ['another secret', (key: string) => key.slice(0, -3) + 'AAA'],
    ['another id', (key: string) => key.replace(/^sl_.{4}/, 'sl_0000')],
    ['no key at all', () => 'Bearer'],
  ])('does not know %s', async (_name, change) => {
    const { key } = await createKey(store, { name: 'a' }, NOW_MS);
    expect(await new ApiKeys(new StoreGuard(store)).verify(change(key))).toBe('unknown');
  });

  test('does not know a key that has expired', async () => {
    const { key } = await createKey(store, { name: 'a', expiresAtMs: NOW_MS + 10 }, NOW_MS);
    let nowMs = NOW_MS;
    const keys = new ApiKeys(new StoreGuard(store), () => nowMs);
    expect(await keys.verify(key)).toMatchObject({ name: 'a' });
    nowMs += 10;
    expect(await keys.verify(key)).toBe('unknown');
  });

  test('refuses a revoked key after two seconds', async () => {
    const { key, record } = await createKey(store, { name: 'a' }, NOW_MS);
    let nowMs = NOW_MS;
    const keys = new ApiKeys(new StoreGuard(store), () => nowMs);
    await keys.verify(key);
    await revokeKey(store, record.id, nowMs);
    expect(await keys.verify(key)).toMatchObject({ id: record.id });
    nowMs += KNOWN_FOR_MS;
    expect(await keys.verify(key)).toBe('unknown');
  });

  test('a key that is used while it is revoked stays revoked', async () => {
    const { key, record } = await createKey(store, { name: 'a' }, NOW_MS);
    const using = new ApiKeys(new StoreGuard(store), () => NOW_MS).verify(key);
    await Promise.all([using, revokeKey(store, record.id, NOW_MS)]);
    expect(used).toEqual([record.id]);
    expect(records.get(record.id)?.revokedAtMs).toBe(NOW_MS);
  });

  test('a session lasts 30 days, and ends with its key', async () => {
    const { record } = await createKey(store, { name: 'a' }, NOW_MS);
    const token = formatSession(issueSession(record, NOW_MS));
    let nowMs = NOW_MS;
    const keys = new ApiKeys(new StoreGuard(store), () => nowMs);
    expect(await keys.verifySession(token)).toMatchObject({ id: record.id });
    expect(await keys.verifySession(token.replace(/..$/, 'AA'))).toBe('unknown');
    expect(await keys.verifySession('nonsense')).toBe('unknown');
    nowMs = NOW_MS + 30 * 86_400_000;
    expect(await keys.verifySession(token)).toBe('unknown');
    nowMs = NOW_MS + KNOWN_FOR_MS;
    await rotateKey(store, record.id);
    expect(await new ApiKeys(new StoreGuard(store), () => nowMs).verifySession(token)).toBe(
      'unknown',
    );
  });

  test('a session ends when its key does', async () => {
    const { record } = await createKey(store, { name: 'a', expiresAtMs: 5_000_000 }, NOW_MS);
    expect(issueSession(record, NOW_MS).expiresAtSeconds).toBe(5_000);
  });

  test('a rotated key has another secret and the same record', async () => {
    const { key, record } = await createKey(store, { name: 'a', predictPerMinute: 5 }, NOW_MS);
    const rotated = await rotateKey(store, record.id);
    const keys = new ApiKeys(new StoreGuard(store));
    expect(await keys.verify(key)).toBe('unknown');
    expect(await keys.verify(rotated.key)).toMatchObject({ name: 'a', predictPerMinute: 5 });
  });

  test('while the store is unavailable, known keys stay valid and unknown ones are unsure', async () => {
    const { key } = await createKey(store, { name: 'a' }, NOW_MS);
    const { key: neverSeen } = await createKey(store, { name: 'b' }, NOW_MS);
    let nowMs = NOW_MS;
    const keys = new ApiKeys(new StoreGuard(store), () => nowMs);
    await keys.verify(key);
    isUnavailable = true;
    nowMs += KNOWN_FOR_MS;
    expect(await keys.verify(key)).toMatchObject({ name: 'a' });
    expect(await keys.verify(neverSeen)).toBe('unsure');
  });
});
