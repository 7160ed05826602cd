import { quantile } from '@/lib/shared/numbers/quantile';
import { roundToHundredths } from '@/lib/shared/numbers/round';
import type { Figures, Latency, LoadRun } from '../../lib/shared/contract/load-tests';

/** One request. */
export interface Sample {
  readonly route: string;
  /** 0 means no answer. */
  readonly status: number;
  readonly latencyMs: number;
  /** Number of pictures in the answer with a ranking, and how many of them came from the cache. */
  readonly ranked: number;
  readonly cached: number;
}

export function summarizeLatency(samplesMs: readonly number[]): Latency | null {
  if (samplesMs.length === 0) return null;
  const at = (share: number) => roundToHundredths(quantile(samplesMs, share));
  const sum = samplesMs.reduce((total, value) => total + value, 0);
  return {
    mean: roundToHundredths(sum / samplesMs.length),
    min: at(0),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
  };
}

type Outcome = keyof Pick<
  Figures,
  'succeeded' | 'limited' | 'shed' | 'serverErrors' | 'otherStatuses' | 'unanswered'
>;

export function outcomeOf(status: number): Outcome {
  if (status === 0) return 'unanswered';
  if (status >= 200 && status < 300) return 'succeeded';
  if (status === 429) return 'limited';
  if (status === 503) return 'shed';
  return status >= 500 ? 'serverErrors' : 'otherStatuses';
}

export function summarize(samples: readonly Sample[], seconds: number): Figures {
  const of = (outcome: Outcome) => samples.filter(({ status }) => outcomeOf(status) === outcome);
  const latencies = (some: readonly Sample[]) => some.map(({ latencyMs }) => latencyMs);
  const succeeded = of('succeeded');
  return {
    requests: samples.length,
    succeeded: succeeded.length,
    limited: of('limited').length,
    shed: of('shed').length,
    serverErrors: of('serverErrors').length,
    otherStatuses: of('otherStatuses').length,
    unanswered: of('unanswered').length,
    requestsPerSecond: roundToHundredths(samples.length / seconds),
    latencyOfSuccesses: summarizeLatency(latencies(succeeded)),
    latencyOfAll: summarizeLatency(latencies(samples)),
  };
}

export function summarizeRoutes(
  samples: readonly Sample[],
  routes: readonly string[],
  seconds: number,
): LoadRun['routes'] {
  return routes.map((route) => ({
    route,
    figures: summarize(
      samples.filter((sample) => sample.route === route),
      seconds,
    ),
  }));
}

export function countPictures(samples: readonly Sample[]): LoadRun['pictures'] {
  const sum = (key: 'ranked' | 'cached') => samples.reduce((total, one) => total + one[key], 0);
  return { ranked: sum('ranked'), cached: sum('cached') };
}
