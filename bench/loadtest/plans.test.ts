import { describe, expect, test } from 'vitest';
import type { LoadRun } from '../../lib/shared/contract/load-tests';
import { kneeOf, planOf } from './plans';
import { summarize } from './statistics';

describe('flags of the load test', () => {
  test('without any, the old runs for three minutes, a key each, half repeats', () => {
    const { variant, runs } = planOf([]);
    expect(variant).toBe('users');
    expect(runs.map(({ load }) => load)).toEqual([
      { users: 50, arrivingPerSecond: 5 },
      { users: 100, arrivingPerSecond: 10 },
      { users: 200, arrivingPerSecond: 20 },
    ]);
    expect(runs[0]).toMatchObject({ seconds: 180, repeats: 0.5, keys: true, replicas: 0 });
  });

  test('anonymous, unique and quick', () => {
    const { variant, isQuick, runs } = planOf(['--anonymous', '--unique', '--quick']);
    expect([variant, isQuick]).toEqual(['users-anonymous-unique', true]);
    expect(runs[0]).toMatchObject({ seconds: 20, repeats: 0, keys: false });
  });

  test('replicas are compared with 200 users', () => {
    const { runs } = planOf(['--replicas', '1,3']);
    expect(runs.map(({ name, replicas }) => [name, replicas])).toEqual([
      ['high, 1 replica', 1],
      ['high, 3 replicas', 3],
    ]);
    expect(runs[1]!.load).toEqual({ users: 200, arrivingPerSecond: 20 });
  });

  test('fixed rates come without quotas', () => {
    const { runs } = planOf(['--rates', '50,100']);
    expect(runs.map(({ load }) => load)).toEqual([
      { startedPerSecond: 50 },
      { startedPerSecond: 100 },
    ]);
    expect(runs[0]!.settings).toMatchObject({ PREDICT_PER_MINUTE: '0' });
  });

  test.each([[['--rates', '5,x']], [['--replicas', '0']], [['--replicas', '1', '--rates', '5']]])(
    'refuses %j',
    (args) => {
      expect(() => planOf(args)).toThrow(/^expected --/);
    },
  );
});

describe('the knee', () => {
  const run = (name: string, latencyMs: number, failures = 0) => {
    const sample = { route: 'a', status: 200, latencyMs, ranked: 1, cached: 0 };
    const samples = [
      ...Array.from({ length: 98 }, () => sample),
      ...Array.from({ length: failures }, () => ({ ...sample, status: 503 })),
    ];
    return { name, total: summarize(samples, 1) } as LoadRun;
  };

  test('is the last rate at which nearly all succeed in time', () => {
    const runs = [run('1', 10), run('2', 150), run('3', 150, 2), run('4', 300)];
    expect(kneeOf(runs, 200)?.name).toBe('2');
  });

  test('is below the lowest where none does', () => {
    expect(kneeOf([run('1', 300)], 200)).toBeUndefined();
  });
});
