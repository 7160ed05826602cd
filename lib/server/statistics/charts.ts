import type { Chart, VisualizationsResponse } from '@/lib/shared/contract/statistics';
import type { ModelFolder } from '../models/folder';
import type { ModelRegistry } from '../models/registry';
import type { DriftSource } from '../settings';
import { cacheCounts, digest, latencies, uncertainRatio, type Digest } from './digest';
import { driftOf, total, type Drift } from './drift';
import { evaluationCharts } from './evaluation-charts';
import { CONFIDENCE_BUCKETS, REPORTED } from './fields';
import { percentileMs } from './histogram';
import { WINDOWS, type Window } from './history';
import type { Reference } from './reference';
import { labelCounts, type Sums } from './summary';
import {
  baselineName,
  cacheTitle,
  capitalized,
  confidenceTitle,
  driftTitle,
  feedbackTitle,
  labelsTitle,
  latencyTitle,
  sourceTitle,
  statusTitle,
  throughputTitle,
  uncertainTitle,
  withReported,
  wrongLabelsTitle,
  type SpanName,
} from './titles';

const TOP_LABELS = 15;
const ANSWERS: [string, string] = ['answers', 'Answers'];
const TIME = { label: 'Time', kind: 'time' } as const;

type Point = Chart['series'][number]['points'][number];

/** GET /api/visualizations: counts and the model's evaluation, ready to draw. */
export function summarizeCharts(
  window: Window,
  registry: ModelRegistry,
  model: ModelFolder | undefined,
  reference: Reference,
  driftSource: DriftSource = 'server',
): VisualizationsResponse {
  const digests = window.buckets.map(digest);
  const overTime = (read: (of: Digest) => number | null): Point[] =>
    digests.map((of) => [of.at, read(of)]);
  const { sums, name } = window;
  const span: SpanName = window.isPast ? `past-${name}` : name;
  const n = (field: string) => sums.get(field) ?? 0;
  const perBucket = WINDOWS[name].resolution === 'minute' ? 'a minute' : 'an hour';
  const cache = cacheCounts(n);
  const p95Ms = percentileMs(latencies(sums), 0.95) || undefined;
  const [labels, reportedLabels, wrongLabels] = [
    labelCounts(registry, sums, 'label'),
    labelCounts(registry, sums, `${REPORTED}label`),
    labelCounts(registry, sums, 'wrong'),
  ];
  const reportedWrong = labelCounts(registry, sums, `${REPORTED}wrong`);
  const shownWrong = mostFrequent(wrongLabels, reportedWrong, TOP_LABELS);
  const shown = mostFrequent(labels, reportedLabels, TOP_LABELS);
  const confidences = confidence(sums);
  const drift = model && driftOf(model, sums, reference, driftSource);
  const [right, wrong] = [n('feedback:right'), n('feedback:wrong')];
  const outcomes = {
    requests: n('n:requests'),
    limited: n('n:limited'),
    shed: n('n:shed'),
    refused: n('n:refused'),
    failed: n('n:failed'),
  };
  return {
    window: name,
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    ...(window.isPartial ? { partial: true } : {}),
    charts: [
      timeChart(
        'throughput',
        throughputTitle(
          digests.map((of) => of.requests),
          span,
        ),
        `requests ${perBucket}`,
        [
          ['requests', 'Requests', overTime((of) => of.requests)],
          ['images', 'Pictures', overTime((of) => of.images)],
        ],
      ),
      timeChart('latency', latencyTitle(p95Ms, span), 'ms', [
        ['p50', 'Median', overTime((of) => of.latencyMs?.p50 ?? null)],
        ['p95', '95 %', overTime((of) => of.latencyMs?.p95 ?? null)],
        ['p99', '99 %', overTime((of) => of.latencyMs?.p99 ?? null)],
      ]),
      timeChart('status', statusTitle(outcomes, span), `requests ${perBucket}`, [
        ['ok', 'Answered', overTime((of) => of.succeeded)],
        ['limited', 'Limited (429)', overTime((of) => of.limited)],
        ['shed', 'Shed (503)', overTime((of) => of.shed)],
        ['refused', 'Refused (4xx)', overTime((of) => of.refused)],
        ['failed', 'Failed (5xx)', overTime((of) => of.failed)],
      ]),
      timeChart('cache', cacheTitle(cache.hits, cache.misses, span), 'share', [
        ['ratio', 'Cache hits', overTime((of) => of.cacheRatio)],
      ]),
      timeChart(
        'source',
        sourceTitle(n('source:server'), n('source:browser'), span),
        `pictures ${perBucket}`,
        [
          ['server', 'Server', overTime((of) => of.server)],
          ['browser', 'Device', overTime((of) => of.browser)],
        ],
      ),
      besideReported(
        barChart(
          'labels',
          labelsTitle(labels, sumOf(confidences), span),
          'Label',
          pointsOf(shown, labels),
        ),
        pointsOf(shown, reportedLabels),
        span,
      ),
      besideReported(
        barChart(
          'confidence',
          confidenceTitle(
            confidences.map(([, pictures]) => pictures),
            span,
          ),
          'Probability of the first label',
          confidences,
        ),
        confidence(sums, REPORTED),
        span,
      ),
      timeChart('uncertain', uncertainTitle(uncertainRatio(n), span), 'share', [
        ['uncertain', 'Not sure', overTime((of) => of.uncertainRatio)],
      ]),
      driftChart(drift, driftTitle(drift, span)),
      besideReported(
        barChart(
          'feedback',
          feedbackTitle(right, wrong, span),
          'Feedback',
          [
            ['right', right],
            ['wrong', wrong],
          ],
          ANSWERS,
        ),
        [
          ['right', n(`${REPORTED}feedback:right`)],
          ['wrong', n(`${REPORTED}feedback:wrong`)],
        ],
        span,
      ),
      besideReported(
        barChart(
          'wrong-labels',
          wrongLabelsTitle(wrongLabels, span),
          'Label',
          pointsOf(shownWrong, wrongLabels),
          ANSWERS,
        ),
        pointsOf(shownWrong, reportedWrong),
        span,
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

function barChart(
  id: string,
  title: string,
  label: string,
  points: Point[],
  [seriesId, seriesLabel] = ['pictures', 'Pictures'],
): Chart {
  const series = [{ id: seriesId, label: seriesLabel, points }];
  return { id, title, kind: 'bar', unit: seriesId, x: { label, kind: 'category' }, series };
}

/** The most frequent names of either list, the most frequent first. */
function mostFrequent(
  some: readonly [string, number][],
  others: readonly [string, number][],
  count: number,
): string[] {
  const sums = new Map(some);
  for (const [name, n] of others) sums.set(name, (sums.get(name) ?? 0) + n);
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name]) => name);
}

function pointsOf(
  names: readonly string[],
  counts: readonly [string, number][],
): [string, number][] {
  const byName = new Map(counts);
  return names.map((name) => [name, byName.get(name) ?? 0]);
}

/** Adds a series of what browsers reported, if there is any. */
function besideReported(chart: Chart, points: [string, number][], of: SpanName): Chart {
  const reportedCount = sumOf(points);
  if (reportedCount === 0) return chart;
  const ownCount = sumOf(chart.series[0]?.points ?? []);
  const title = withReported(chart.title, ownCount, reportedCount, of);
  const reported = { id: 'reported', label: 'Reported by browsers', points };
  return { ...chart, title, series: [...chart.series, reported] };
}

function sumOf(points: readonly Point[]): number {
  return points.reduce((sum, [, n]) => sum + (n ?? 0), 0);
}

function confidence(sums: Sums, prefix = ''): [string, number][] {
  return Array.from({ length: CONFIDENCE_BUCKETS }, (_, i) => [
    tenthName(i),
    sums.get(`${prefix}confidence:${i}`) ?? 0,
  ]);
}

function tenthName(i: number): string {
  return `${(i * 100) / CONFIDENCE_BUCKETS}–${((i + 1) * 100) / CONFIDENCE_BUCKETS} %`;
}

/** Confidence now and in the baseline; empty if there are too few answers. */
function driftChart(drift: Drift | undefined, title: string): Chart {
  const points = (counts: readonly number[]): Point[] =>
    counts.map((n, i) => [tenthName(i), n / total(counts)]);
  const { confidence: now, baseline } = drift?.psi
    ? drift
    : { confidence: [], baseline: { confidence: [] } };
  return {
    id: 'drift',
    title,
    kind: 'bar',
    unit: 'share',
    x: { label: 'Probability of the first label', kind: 'category' },
    series: [
      { id: 'pictures', label: 'Now', points: points(now) },
      {
        id: 'baseline',
        label: capitalized(baselineName(drift?.against ?? 'evaluation')),
        points: points(baseline.confidence),
      },
    ],
  };
}
