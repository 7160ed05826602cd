import { reportsRequestSchema } from '@/lib/shared/contract/statistics';
import { jsonResponse } from '../http/json-response';
import { getMetrics } from '../metrics/metrics';
import { claimOf, isCredible, knownReason, reportedFields } from '../statistics/reports';
import { claim, parseBody } from './counted-once';
import { LIMITED, UPLOADED, json } from './openapi/parts';
import type { CountedResponse, Route, RouteContext } from './route';
import type { Runtime } from './runtime';

/**
 * POST /api/predictions/report: predictions of devices; each id counts once, at most
 * REPORTS_PER_DAY a day.
 */
async function report({ request }: RouteContext, runtime: Runtime): Promise<CountedResponse> {
  const { reports } = await parseBody(request, runtime, reportsRequestSchema);
  const credible = reports.filter((one) => isCredible(one, runtime.registry, Date.now()));
  const byClaim = new Map(credible.map((one) => [claimOf(one), one]));
  await runtime.quotas.takeReports(byClaim.size, request.headers);
  const claimed = await claim(runtime, [...byClaim.keys()]);
  const counted = claimed.flatMap((id) => {
    const one = byClaim.get(id)!;
    getMetrics().countPrediction(one.model, 'browser', one.uncertain);
    getMetrics().countReport(one.backend, knownReason(one.reason));
    return reportedFields(one);
  });
  const body = {
    accepted: claimed.length,
    duplicates: credible.length - claimed.length,
    rejected: reports.length - credible.length,
  };
  return { response: jsonResponse(body, { headers: { 'Cache-Control': 'no-store' } }), counted };
}

export const reportRoute: Route = {
  name: 'report',
  method: 'post',
  path: '/api/predictions/report',
  id: 'reportPredictions',
  tag: 'Predictions',
  summary: 'Report predictions made on a device',
  description:
    'Up to 500, never a picture; each id counts once. Reports of an unknown model, version or label, of a time more than 14 days ago or without a UUID are rejected; 2,000 count a day for each identity.',
  policy: 'report',
  body: json('ReportsRequest'),
  answers: { 200: { description: 'How many were new.', content: json('CountedOnce') } },
  problems: [...UPLOADED, ...LIMITED, 'not-ready'],
  sample: {
    reports: [
      {
        id: '0198f7b0-0000-7000-8000-000000000001',
        model: 'tiny-imagenet-200',
        version: '71b9a56b3a2d',
        label: 'espresso',
        index: 193,
        score: 0.93,
        latencyMs: 21,
        backend: 'wasm',
        at: '2026-01-01T12:00:00Z',
        reason: 'offline',
      },
    ],
  },
  handler: report,
};
