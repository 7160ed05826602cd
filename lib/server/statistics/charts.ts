import type { Chart, VisualizationsResponse } from '../../shared/contract/statistics';
import type { ModelRegistry } from '../models/registry';
import { CONFIDENCE_BUCKETS } from './fields';
import { percentileMs } from './histogram';
import type { Window } from './history';
import { sumCounts } from './recorder';
import { cacheCounts, labelCounts, latencies, type Sums } from './summary';

const TOP_LABELS = 15;
const TIME = { label: 'Time', kind: 'time' } as const;

type Point = Chart['series'][number]['points'][number];

/** GET /api/visualizations: what was counted, ready to be drawn. */
export function summarizeCharts(window: Window, registry: ModelRegistry): VisualizationsResponse {
  const buckets = window.buckets.map(({ startMs, counts }) => ({
    at: new Date(startMs).toISOString(),
    counts: new Map(Object.entries(counts)),
  }));
  const overTime = (read: (counts: Sums) => number | null): Point[] =>
    buckets.map(({ at, counts }) => [at, read(counts)]);
  const count = (field: string) => overTime((counts) => counts.get(field) ?? 0);
  const sums = sumCounts(window.buckets);
  return {
    window: window.name,
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    charts: [
      timeChart('throughput', 'Requests answered', 'requests', [
        ['requests', 'Requests', count('n:requests')],
        ['images', 'Pictures', count('n:images')],
      ]),
      timeChart('latency', 'How long predictions took', 'ms', [
        ['p50', 'Median', overTime(percentile(0.5))],
        ['p95', '95th percentile', overTime(percentile(0.95))],
        ['p99', '99th percentile', overTime(percentile(0.99))],
      ]),
      timeChart('status', 'Answers by outcome', 'requests', [
        ['ok', 'Answered', overTime(succeeded)],
        ['limited', 'Limited (429)', count('n:limited')],
        ['shed', 'Shed (503)', count('n:shed')],
        ['failed', 'Failed', count('n:failed')],
      ]),
      timeChart('cache', 'Answers out of the cache', 'share', [
        ['ratio', 'Cache hits', overTime(cacheRatio)],
      ]),
      timeChart('source', 'Where pictures were classified', 'pictures', [
        ['server', 'Server', count('source:server')],
        ['browser', 'Device', count('source:browser')],
      ]),
      barChart('labels', 'The most frequent labels', 'Label', topLabels(registry, sums, 'label')),
      barChart(
        'confidence',
        'How sure the model was',
        'Probability of the first label',
        confidence(sums),
      ),
      barChart('feedback', 'What visitors said of answers', 'Feedback', [
        ['right', sums.get('feedback:right') ?? 0],
        ['wrong', sums.get('feedback:wrong') ?? 0],
      ]),
      barChart(
        'wrong-labels',
        'Labels that visitors called wrong',
        'Label',
        topLabels(registry, sums, 'wrong'),
      ),
    ],
  };
}

function timeChart(
  id: string,
  title: string,
  unit: string,
  series: [string, string, Point[]][],
): Chart {
  const named = series.map(([seriesId, label, points]) => ({ id: seriesId, label, points }));
  return { id, title, kind: 'line', unit, x: TIME, series: named };
}

function barChart(id: string, title: string, label: string, points: Point[]): Chart {
  const series = [{ id: 'pictures', label: 'Pictures', points }];
  return { id, title, kind: 'bar', unit: 'pictures', x: { label, kind: 'category' }, series };
}

/** A gap where nothing was predicted: 0 ms would be a lie. */
function percentile(share: number): (counts: Sums) => number | null {
  return (counts) => {
    const byBucket = latencies(counts);
    return byBucket.size === 0 ? null : percentileMs(byBucket, share);
  };
}

function succeeded(counts: Sums): number {
  const of = (name: string) => counts.get(`n:${name}`) ?? 0;
  return of('requests') - of('limited') - of('shed') - of('failed');
}

function cacheRatio(counts: Sums): number | null {
  const { hits, misses, ratio } = cacheCounts(counts);
  return hits + misses === 0 ? null : ratio;
}

function topLabels(registry: ModelRegistry, sums: Sums, dimension: string): Point[] {
  return labelCounts(registry, sums, dimension).slice(0, TOP_LABELS);
}

function confidence(sums: Sums): Point[] {
  return Array.from({ length: CONFIDENCE_BUCKETS }, (_, i) => [
    `${(i * 100) / CONFIDENCE_BUCKETS}–${((i + 1) * 100) / CONFIDENCE_BUCKETS} %`,
    sums.get(`confidence:${i}`) ?? 0,
  ]);
}
