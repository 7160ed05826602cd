import { expect, test } from 'vitest';
import { version } from 'uuid';
import { makeRequestId } from './request-id';

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
