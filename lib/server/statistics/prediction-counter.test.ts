import { expect, test } from 'vitest';
import { PredictionCounter } from './prediction-counter';

const at = new Date('2026-01-01T12:00:00Z');

test('nothing is counted of a model at first', () => {
  const counter = new PredictionCounter();
  expect(counter.of('m')).toMatchObject({ succeeded: 0, executions: 0, lastAt: undefined });
  expect([counter.total, counter.lastAt]).toEqual([0, undefined]);
});

test('answers, runs and failures are counted by model, and answers in all', () => {
  const counter = new PredictionCounter();
  counter.count({ modelId: 'm', elapsedMs: 10, isCached: false }, at);
  counter.count({ modelId: 'm', elapsedMs: 1, isCached: true }, at);
  counter.count({ modelId: 'other', elapsedMs: 5, isCached: false }, at);
  counter.countExecution('m', { queueMs: 1, decodeMs: 2, inferenceMs: 4 });
  counter.countExecution('m', { queueMs: 1, decodeMs: 2, inferenceMs: 4 });
  counter.countFailure('m', 3);
  expect(counter.of('m')).toEqual({
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
  expect([counter.total, counter.lastAt]).toEqual([3, at]);
});
