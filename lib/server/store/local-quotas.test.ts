import { expect, test } from 'vitest';
import { LocalQuotas } from './local-quotas';

const request = { policy: 'p', identity: 'a', limit: 2, windowMs: 1000, cost: 1 };

test('a new window begins anew, at a multiple of its length', () => {
  let nowMs = 1_999;
  const quotas = new LocalQuotas(() => nowMs);
  expect(quotas.take(request)).toEqual({ allowed: true, limit: 2, remaining: 1, resetAtMs: 2000 });
  quotas.take(request);
  expect(quotas.take(request)).toMatchObject({ allowed: false, remaining: 0 });
  nowMs = 2_000;
  expect(quotas.take(request)).toEqual({ allowed: true, limit: 2, remaining: 1, resetAtMs: 3000 });
});

test('takes a cost as a whole, or nothing of it', () => {
  const quotas = new LocalQuotas(() => 0);
  const five = { ...request, limit: 5 };
  expect(quotas.take({ ...five, cost: 3 })).toMatchObject({ allowed: true, remaining: 2 });
  expect(quotas.take({ ...five, cost: 3 })).toMatchObject({ allowed: false, remaining: 2 });
  expect(quotas.take({ ...five, cost: 2 })).toMatchObject({ allowed: true, remaining: 0 });
});

test('10,000 addresses leave memory bounded', () => {
  const quotas = new LocalQuotas(() => 0, 1_000);
  for (let i = 0; i < 10_000; i++) quotas.take({ ...request, identity: `address-${i}` });
  expect(quotas.size).toBe(1_000);
});
