import { describe, expect, test } from 'vitest';
import { seededRandom } from './random';
import { ACTIONS, chooseAction, MEAN_AT_ONCE, RUNS, thinkMs } from './scenario';

const CHOICES = 50_000;

describe('the scenario', () => {
  test('requests come in the shares of the old report', () => {
    const random = seededRandom(7);
    const requests = new Map<string, number>();
    for (let i = 0; i < CHOICES; i++) {
      const { route, atOnce } = chooseAction(random);
      requests.set(route, (requests.get(route) ?? 0) + atOnce);
    }
    const total = [...requests.values()].reduce((sum, count) => sum + count, 0);
    for (const { route, weight, atOnce } of ACTIONS) {
      expect(requests.get(route)! / total).toBeCloseTo((weight * atOnce) / 1453, 2);
    }
    expect(total / CHOICES).toBeCloseTo(MEAN_AT_ONCE, 1);
  });

  test('a burst is five predictions at once, a batch four pictures, a read none', () => {
    expect(ACTIONS.find(({ route }) => route.endsWith('burst'))).toMatchObject({
      path: '/api/predict',
      atOnce: 5,
      pictures: 1,
      weight: 92,
    });
    expect(ACTIONS.find(({ path }) => path.endsWith('batch'))).toMatchObject({ pictures: 4 });
    expect(ACTIONS.find(({ path }) => path === '/')).toMatchObject({ method: 'GET', pictures: 0 });
  });

  test('the first and the last number choose the first and the last action', () => {
    expect(chooseAction(() => 0)).toBe(ACTIONS[0]);
    expect(chooseAction(() => 1 - Number.EPSILON)).toBe(ACTIONS.at(-1));
  });

  test('users think for one to two seconds', () => {
    expect(thinkMs(() => 0)).toBe(1000);
    expect(thinkMs(() => 0.5)).toBe(1500);
  });

  test('runs are those of the old report', () => {
    expect(RUNS.map(({ users, arrivingPerSecond }) => [users, arrivingPerSecond])).toEqual([
      [50, 5],
      [100, 10],
      [200, 20],
    ]);
  });
});

test('a seed gives the same numbers again, evenly spread', () => {
  const take = (seed: number) => Array.from({ length: 10_000 }, seededRandom(seed));
  const numbers = take(3);
  expect(take(3)).toEqual(numbers);
  expect(take(4)).not.toEqual(numbers);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  expect(numbers.reduce((sum, value) => sum + value, 0) / numbers.length).toBeCloseTo(0.5, 1);
});
