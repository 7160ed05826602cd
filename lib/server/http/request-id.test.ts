import { expect, test } from 'vitest';
import { version } from 'uuid';
import { makeRequestId, requestIdOf } from './request-id';

test('ids are UUIDs of version 7 and never twice the same', () => {
  const ids = Array.from({ length: 2_000 }, makeRequestId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids.map(version))).toEqual(new Set([7]));
});

test('ids begin with the time', () => {
  const beforeMs = Date.now();
  const ms = Number.parseInt(makeRequestId().replaceAll('-', '').slice(0, 12), 16);
  expect(ms).toBeGreaterThanOrEqual(beforeMs);
  expect(ms).toBeLessThanOrEqual(Date.now());
});

test.each([
  ['order-4711.retry_1', 'order-4711.retry_1'],
  ['a'.repeat(128), 'a'.repeat(128)],
  ['a'.repeat(129), undefined],
  ['two words', undefined],
  ['{"json":1}', undefined],
  ['', undefined],
])('of a client "%s" is kept as %s', (given, kept) => {
  expect(requestIdOf(new Headers({ 'x-request-id': given }))).toBe(kept);
});
