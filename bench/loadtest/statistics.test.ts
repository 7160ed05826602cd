import { describe, expect, test } from 'vitest';
import { parseProcessorMs } from './processor-time';
import {
  countPictures,
  outcomeOf,
  summarize,
  summarizeLatency,
  summarizeRoutes,
  type Sample,
} from './statistics';

const sample = (status: number, latencyMs: number, route = 'GET /'): Sample => ({
  route,
  status,
  latencyMs,
  ranked: status === 200 ? 4 : 0,
  cached: status === 200 ? 1 : 0,
});

describe('statistics of a run', () => {
  test.each([
    [200, 'succeeded'],
    [204, 'succeeded'],
    [401, 'otherStatuses'],
    [429, 'limited'],
    [500, 'serverErrors'],
    [502, 'serverErrors'],
    [503, 'shed'],
    [0, 'unanswered'],
  ])('%d counts as %s', (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });

  test('latency of successes leaves out what was refused at once', () => {
    const samples = [sample(200, 10), sample(200, 30), sample(429, 1), sample(0, 5)];
    expect(summarize(samples, 2)).toEqual({
      requests: 4,
      succeeded: 2,
      limited: 1,
      shed: 0,
      serverErrors: 0,
      otherStatuses: 0,
      unanswered: 1,
      requestsPerSecond: 2,
      latencyOfSuccesses: { mean: 20, min: 10, p50: 10, p95: 30, p99: 30, max: 30 },
      latencyOfAll: { mean: 11.5, min: 1, p50: 5, p95: 30, p99: 30, max: 30 },
    });
  });

  test('percentiles are of the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(summarizeLatency(hundred)).toMatchObject({
      min: 1,
      p50: 50,
      p95: 95,
      p99: 99,
      max: 100,
    });
    expect(summarizeLatency([])).toBeNull();
  });

  test('each route is counted by itself, one without requests too', () => {
    const samples = [sample(200, 10, 'a'), sample(503, 20, 'b')];
    const routes = summarizeRoutes(samples, ['a', 'b', 'c'], 1);
    expect(routes.map(({ figures }) => [figures.succeeded, figures.shed])).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
  });

  test('pictures of all answers are added', () => {
    const samples = [sample(200, 1), sample(200, 1), sample(503, 1)];
    expect(countPictures(samples)).toEqual({ ranked: 8, cached: 2 });
  });
});

test('processor time is read past whatever a program is called', () => {
  const stat = '42 (a ) b 1 2) S 1 42 42 0 -1 4194304 1 2 3 4 150 50 0 0 20 0 11 0 100';
  expect(parseProcessorMs(stat)).toBe(2000);
});
