import type { StatisticsResponse } from '@/lib/shared/contract/statistics';
import { shownNames } from '@/lib/shared/model/labels';
import type { ModelRegistry } from '../models/registry';
import { REPORTED, valueOf } from './fields';
import { percentileMs } from './histogram';
import { cacheCounts, digest, latencies } from './digest';
import type { Window } from './history';

export type Sums = ReadonlyMap<string, number>;

/** All values of one dimension with their counts. */
export function dimension(sums: Sums, name: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const [field, count] of sums) {
    const value = valueOf(field, name);
    if (value !== undefined) values.set(value, count);
  }
  return values;
}

/** The name of a counted label "model/index"; the text itself if the model was removed. */
export function labelName(registry: ModelRegistry, counted: string): string {
  const [modelId, index] = splitLast(counted, '/');
  const model = registry.models.find(({ id }) => id === modelId);
  return (model && shownNames(model.labels)[Number(index)]) ?? counted;
}

function splitLast(text: string, separator: string): [string, string] {
  const at = text.lastIndexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The most frequent first; equal names of different models are added. */
export function labelCounts(
  registry: ModelRegistry,
  sums: Sums,
  name = 'label',
): [string, number][] {
  const byName = new Map<string, number>();
  for (const [counted, n] of dimension(sums, name)) {
    const label = labelName(registry, counted);
    byName.set(label, (byName.get(label) ?? 0) + n);
  }
  return [...byName].sort(([, a], [, b]) => b - a);
}

/** GET /api/statistics, computed from counts. */
export function summarizeStatistics(window: Window, registry: ModelRegistry): StatisticsResponse {
  const { sums } = window;
  const n = (name: string) => sums.get(`n:${name}`) ?? 0;
  const latency = latencies(sums);
  return {
    window: window.name,
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    ...(window.isPartial ? { partial: true } : {}),
    totals: {
      requests: n('requests'),
      predictions: n('predictions'),
      batches: n('batches'),
      images: n('images'),
      limited: n('limited'),
      shed: n('shed'),
      refused: n('refused'),
      failed: n('failed'),
      uncertain: sums.get('certainty:uncertain') ?? 0,
      byStatus: Object.fromEntries(dimension(sums, 'status')),
      bySource: {
        server: sums.get('source:server') ?? 0,
        browser: sums.get('source:browser') ?? 0,
      },
      byModel: Object.fromEntries(dimension(sums, 'model')),
      byLabel: Object.fromEntries(labelCounts(registry, sums)),
      reported: {
        uncertain: sums.get(`${REPORTED}certainty:uncertain`) ?? 0,
        byModel: Object.fromEntries(dimension(sums, `${REPORTED}model`)),
        byLabel: Object.fromEntries(labelCounts(registry, sums, `${REPORTED}label`)),
      },
      cache: cacheCounts((field) => sums.get(field) ?? 0),
    },
    latencyMs: {
      p50: percentileMs(latency, 0.5),
      p90: percentileMs(latency, 0.9),
      p95: percentileMs(latency, 0.95),
      p99: percentileMs(latency, 0.99),
    },
    series: window.buckets.map((bucket) => {
      const { at, requests, latencyMs } = digest(bucket);
      return { at, requests, p95Ms: latencyMs?.p95 ?? 0 };
    }),
  };
}
