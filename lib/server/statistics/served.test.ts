import { expect, test } from 'vitest';
import { Served } from './served';

const at = new Date('2026-01-01T12:00:00Z');

test('nothing is served of a model at first', () => {
  const served = new Served();
  expect(served.of('m')).toMatchObject({ succeeded: 0, executions: 0, lastAt: undefined });
  expect([served.total, served.lastAt]).toEqual([0, undefined]);
});

test('answers, runs and failures are counted by model, and answers in all', () => {
  const served = new Served();
  served.count({ modelId: 'm', elapsedMs: 10, isCached: false }, at);
  served.count({ modelId: 'm', elapsedMs: 1, isCached: true }, at);
  served.count({ modelId: 'other', elapsedMs: 5, isCached: false }, at);
  served.countExecution('m', { queueMs: 1, decodeMs: 2, inferenceMs: 4 });
  served.countExecution('m', { queueMs: 1, decodeMs: 2, inferenceMs: 4 });
  served.countFailure('m', 3);
  expect(served.of('m')).toEqual({
    succeeded: 2,
    succeededMs: 11,
    failed: 1,
    failedMs: 3,
    cacheHits: 1,
    cacheHitMs: 1,
    executions: 2,
    queueMs: 2,
    decodeMs: 4,
    inferenceMs: 8,
    lastAt: at,
  });
  expect([served.total, served.lastAt]).toEqual([3, at]);
});
