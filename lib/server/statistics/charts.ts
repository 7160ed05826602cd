import type { Chart, VisualizationsResponse } from '../../shared/contract/statistics';
import type { ModelFolder } from '../models/folder';
import type { ModelRegistry } from '../models/registry';
import { digest, type Digest } from './digest';
import { evaluationCharts } from './evaluation-charts';
import { CONFIDENCE_BUCKETS } from './fields';
import type { Window } from './history';
import { labelCounts, type Sums } from './summary';

const TOP_LABELS = 15;
const TIME = { label: 'Time', kind: 'time' } as const;

type Point = Chart['series'][number]['points'][number];

/** GET /api/visualizations: what was counted, and what the model's evaluation says, ready to draw. */
export function summarizeCharts(
  window: Window,
  registry: ModelRegistry,
  model: ModelFolder | undefined,
): VisualizationsResponse {
  const digests = window.buckets.map(digest);
  const overTime = (read: (of: Digest) => number | null): Point[] =>
    digests.map((of) => [of.at, read(of)]);
  const { sums } = window;
  return {
    window: window.name,
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    ...(window.isPartial ? { partial: true } : {}),
    charts: [
      timeChart('throughput', 'Requests answered', 'requests', [
        ['requests', 'Requests', overTime((of) => of.requests)],
        ['images', 'Pictures', overTime((of) => of.images)],
      ]),
      timeChart('latency', 'How long predictions took', 'ms', [
        ['p50', 'Median', overTime((of) => of.latencyMs?.p50 ?? null)],
        ['p95', '95th percentile', overTime((of) => of.latencyMs?.p95 ?? null)],
        ['p99', '99th percentile', overTime((of) => of.latencyMs?.p99 ?? null)],
      ]),
      timeChart('status', 'Answers by outcome', 'requests', [
        ['ok', 'Answered', overTime((of) => of.succeeded)],
        ['limited', 'Limited (429)', overTime((of) => of.limited)],
        ['shed', 'Shed (503)', overTime((of) => of.shed)],
        ['failed', 'Failed', overTime((of) => of.failed)],
      ]),
      timeChart('cache', 'Answers out of the cache', 'share', [
        ['ratio', 'Cache hits', overTime((of) => of.cacheRatio)],
      ]),
      timeChart('source', 'Where pictures were classified', 'pictures', [
        ['server', 'Server', overTime((of) => of.server)],
        ['browser', 'Device', overTime((of) => of.browser)],
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
      ...(model ? evaluationCharts(model) : []),
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

function topLabels(registry: ModelRegistry, sums: Sums, dimension: string): Point[] {
  return labelCounts(registry, sums, dimension).slice(0, TOP_LABELS);
}

function confidence(sums: Sums): Point[] {
  return Array.from({ length: CONFIDENCE_BUCKETS }, (_, i) => [
    `${(i * 100) / CONFIDENCE_BUCKETS}–${((i + 1) * 100) / CONFIDENCE_BUCKETS} %`,
    sums.get(`confidence:${i}`) ?? 0,
  ]);
}
