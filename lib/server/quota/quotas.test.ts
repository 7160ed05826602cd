import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiKeys, createKey } from './keys/api-keys';
import { EmbeddedStore } from '../store/embedded';
import { StoreGuard } from '../store/guard';
import { Identities } from './identities';
import { Quotas } from './quotas';

const address = (ip: string) => new Headers({ 'x-forwarded-for': ip });
const withKey = (key: string, ip = '192.0.2.1') =>
  new Headers({ 'x-forwarded-for': ip, 'x-api-key': key });

let folder: string;
let store: EmbeddedStore;
let guard: StoreGuard;
let identities: Identities;
let quotas: Quotas;

beforeEach(async () => {
  vi.useFakeTimers({ now: 0 });
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-quotas-'));
  store = new EmbeddedStore(folder);
  guard = new StoreGuard(store);
  identities = new Identities({ trustedProxies: 0, access: 'public' }, new ApiKeys(guard));
  quotas = new Quotas(
    { perMinute: { predict: 10, batch: 3, read: 0, report: 60 }, reportsPerDay: 5 },
    guard,
    identities,
  );
});

afterEach(async () => {
  guard.stop();
  await store.close();
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

describe('a cost beyond the first', () => {
  test('is taken as a whole, and shown', async () => {
    const grant = await quotas.take('predict', address('192.0.2.1'));
    await grant.charge(7);
    expect(grant.headers().RateLimit).toBe('"predict";r=2;t=60');
  });

  test('that cannot be paid is 429, and what is left stays', async () => {
    const grant = await quotas.take('predict', address('192.0.2.1'));
    await expect(grant.charge(10)).rejects.toMatchObject({
      type: 'quota-exceeded',
      received: 'a cost of 10 more',
      headers: { RateLimit: '"predict";r=9;t=60', 'Retry-After': '60' },
    });
    const next = await quotas.take('predict', address('192.0.2.1'));
    expect(next.headers().RateLimit).toBe('"predict";r=8;t=60');
  });

  test('is given back with the first', async () => {
    const grant = await quotas.take('predict', address('192.0.2.1'));
    await grant.charge(4);
    await grant.refund();
    expect(grant.headers().RateLimit).toBe('"predict";r=10;t=60');
  });

  test('is nothing where there is no limit', async () => {
    const { key } = await createKey(store, { name: 'free', predictPerMinute: 0 }, Date.now());
    const grant = await quotas.take('predict', withKey(key));
    await grant.charge(1_000_000);
    expect(grant.headers()).toEqual({});
  });
});

describe('wrong keys', () => {
  test('are refused for a minute after thirty of them, at that address only', async () => {
    const wrong = `sl_${'0'.repeat(16)}_${'A'.repeat(43)}`;
    for (let i = 0; i < 30; i++) {
      await expect(identities.identify(withKey(wrong))).rejects.toMatchObject({ status: 401 });
    }
    await expect(identities.identify(withKey(wrong))).rejects.toMatchObject({ status: 429 });
    const elsewhere = identities.identify(withKey(wrong, '192.0.2.2'));
    await expect(elsewhere).rejects.toMatchObject({ status: 401 });
    expect(await identities.identify(address('192.0.2.1'))).toEqual({ name: 'ip:192.0.2.1' });
    vi.setSystemTime(60_000);
    await expect(identities.identify(withKey(wrong))).rejects.toMatchObject({ status: 401 });
  });

  test('keep no key out that was right before', async () => {
    const { key } = await createKey(store, { name: 'a' }, Date.now());
    await identities.identify(withKey(key));
    for (let i = 0; i < 31; i++)
      await identities.identify(withKey('nonsense')).catch(() => undefined);
    expect(await identities.identify(withKey(key))).toMatchObject({ key: { name: 'a' } });
  });
});

test('so many reports count a day', async () => {
  await quotas.takeReports(3, address('192.0.2.1'));
  await expect(quotas.takeReports(3, address('192.0.2.1'))).rejects.toMatchObject({
    type: 'quota-exceeded',
    received: '3 reports, with 2 left',
  });
  await quotas.takeReports(2, address('192.0.2.1'));
  vi.setSystemTime(86_400_000);
  await quotas.takeReports(5, address('192.0.2.1'));
});
