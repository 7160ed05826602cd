/** Handlers of statistics, charts, uptime, reports and feedback. */
import * as z from 'zod/mini';
import {
  feedbackRequestSchema,
  reportsRequestSchema,
  windowSchema,
  type UptimeResponse,
} from '@/lib/shared/contract/statistics';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { jsonWithEtag } from '../http/etag';
import { jsonResponse } from '../http/json-response';
import { readJson } from '../intake/json';
import { getMetrics } from '../metrics/metrics';
import type { Runtime } from './runtime';
import { StoreUnavailableError } from '../store/guard';
import { bucketStart, RESOLUTIONS } from '../store/port';
import { summarizeCharts } from '../statistics/charts';
import { REPORTED } from '../statistics/fields';
import { WINDOWS, type Window, type WindowName } from '../statistics/history';
import {
  areSelected,
  claimOf,
  isCredible,
  knownReason,
  reportedFields,
} from '../statistics/reports';
import { summarizeStatistics } from '../statistics/summary';
import { availability, HOUR_MS } from '../statistics/uptime';
import { LIMITED, UPLOADED, MODEL_QUERY, UNTIL, WINDOW, json, cacheable } from './openapi/parts';
import type { CountedResponse, Route, RouteContext } from './route';

const MAX_JSON_BYTES = 512 * 1024;
const WEEK_HOURS = 168;

type Context = RouteContext;

export async function statistics({ request }: Context, runtime: Runtime): Promise<CountedResponse> {
  const body = await runtime.ttlCache.get(`statistics:${windowName(request)}`, async () =>
    summarizeStatistics(await readWindow(runtime, request), runtime.registry),
  );
  return { response: withDataEtag(request, body), counted: [] };
}

/** `to` is the time of the request: an ETag that covered it would never match. */
function withDataEtag<Body extends { to: string }>(request: ApiRequest, body: Body): Response {
  return jsonWithEtag(request, body, { ...body, to: undefined });
}

export async function visualizations(
  { request }: Context,
  runtime: Runtime,
): Promise<CountedResponse> {
  const { registry } = runtime;
  const named = new URL(request.url).searchParams.get('model') ?? undefined;
  const model = named || registry.models.length > 0 ? registry.get(named) : undefined;
  const name = windowName(request);
  const untilMs = readUntil(request, name);
  const compute = async () => {
    const window = await runtime.history.window(name, untilMs);
    return summarizeCharts(
      window,
      registry,
      model,
      await runtime.driftReference.read(),
      runtime.settings.driftSource,
    );
  };
  // Not cached: clients can request any moment.
  const body =
    untilMs === undefined
      ? await runtime.ttlCache.get(`visualizations:${name}:${model?.id ?? ''}`, compute)
      : await compute();
  return { response: withDataEtag(request, body), counted: [] };
}

const momentSchema = z.iso.datetime({ offset: true });

/** The end of a past window; undefined for one that ends now. */
function readUntil(request: ApiRequest, name: WindowName): number | undefined {
  const text = new URL(request.url).searchParams.get('until');
  if (text === null) return undefined;
  const { resolution, buckets } = WINDOWS[name];
  const { bucketMs, keptMs } = RESOLUTIONS[resolution];
  const nowMs = Date.now();
  const oldestMs = nowMs - keptMs + buckets * bucketMs;
  const untilMs = Date.parse(text);
  const isThere = untilMs <= nowMs && untilMs >= oldestMs;
  if (momentSchema.safeParse(text).success && isThere) return untilMs;
  throw new ApiError('invalid-request', `No window of ${name} can end at "${text}".`, {
    expected: `a moment such as 2026-01-31T12:00:00Z, from ${new Date(oldestMs).toISOString()} to now`,
    received: text,
  });
}

function windowName(request: ApiRequest): WindowName {
  const text = new URL(request.url).searchParams.get('window') ?? undefined;
  const parsed = windowSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ApiError('invalid-request', `There is no window "${text ?? ''}".`, {
    expected: '1h, 24h or 7d',
    received: text ?? '',
  });
}

function readWindow({ history }: Runtime, request: ApiRequest): Promise<Window> {
  return history.window(windowName(request));
}

/** Answers 503 while the store is unavailable: we cannot tell whether an id was counted before. */
async function requireStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!StoreUnavailableError.is(error)) throw error;
    throw new ApiError('not-ready', 'The store that keeps the counts does not answer.', {
      headers: { 'Retry-After': '5' },
      cause: error,
    });
  }
}

/** GET /api/model/uptime; availability comes from recorded heartbeats, 0 to 1. */
export async function uptime({ request }: Context, runtime: Runtime): Promise<Response> {
  const { registry, pool, predictionCounter, startedAt } = runtime;
  const model = registry.get(new URL(request.url).searchParams.get('model') ?? undefined);
  const nowMs = Date.now();
  const fromMs = bucketStart('hour', nowMs) - WEEK_HOURS * HOUR_MS;
  const { buckets: hours } = await runtime.history.read('hour', fromMs, WEEK_HOURS + 1);
  const over = (hoursBack: number) =>
    Math.round(availability(hours, nowMs - hoursBack * HOUR_MS, nowMs) * 1e5) / 1e5;
  const body: UptimeResponse = {
    model: { id: model.id, version: model.version },
    loadedAt: startedAt.toISOString(),
    uptimeSeconds: Math.floor((nowMs - startedAt.getTime()) / 1000),
    warmupMs: Math.round(pool.warmupMs),
    predictionsServed: predictionCounter.total,
    lastPredictionAt: predictionCounter.lastAt?.toISOString() ?? null,
    availability: { '1h': over(1), '24h': over(24), '7d': over(WEEK_HOURS) },
  };
  return jsonResponse(body, { headers: { 'Cache-Control': 'no-store' } });
}

/**
 * POST /api/predictions/report: predictions of devices; each id counts once, at most
 * REPORTS_PER_DAY a day.
 */
export async function report({ request }: Context, runtime: Runtime): Promise<CountedResponse> {
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

/** POST /api/feedback: right or wrong, each id counted once. */
export async function feedback({ request }: Context, runtime: Runtime): Promise<CountedResponse> {
  const given = await parseBody(request, runtime, feedbackRequestSchema);
  const model = runtime.registry.get(given.model);
  const index = model.labels.indexOf(given.label);
  if (index < 0) {
    throw new ApiError('invalid-request', `Model "${model.id}" has no label "${given.label}".`, {
      expected: 'a label as the answer gave it',
      received: given.label,
    });
  }
  const { selected } = given;
  if (!areSelected(selected, model)) {
    throw new ApiError(
      'invalid-request',
      `Model "${model.id}" cannot have selected these labels.`,
      {
        expected: 'indices of different labels, of a multi-label model',
        received: JSON.stringify(selected).slice(0, 100),
      },
    );
  }
  const [isNew] = await claim(runtime, [`feedback:${given.id}`]);
  const answer = { id: given.id, modelId: model.id, index, selected };
  const isOurs =
    given.signature !== undefined && (await runtime.signer.verify(answer, given.signature));
  const prefix = isOurs ? '' : REPORTED;
  if (isNew) getMetrics().countFeedback(given.correct ? 'right' : 'wrong');
  const said = given.correct
    ? [`${prefix}feedback:right`]
    : [
        `${prefix}feedback:wrong`,
        ...(selected ?? [index]).map((wrong) => `${prefix}wrong:${model.id}/${wrong}`),
      ];
  const body = { accepted: isNew ? 1 : 0, duplicates: isNew ? 0 : 1, rejected: 0 };
  return {
    response: jsonResponse(body, { headers: { 'Cache-Control': 'no-store' } }),
    counted: isNew ? said : [],
  };
}

function claim(runtime: Runtime, ids: readonly string[]): Promise<string[]> {
  return requireStore(() => runtime.guard.run((store) => store.claimIds(ids, Date.now())));
}

async function parseBody<Schema extends z.ZodMiniType>(
  request: ApiRequest,
  { settings }: Runtime,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const limits = { maxBytes: MAX_JSON_BYTES, timeoutMs: settings.uploadTimeoutMs };
  const parsed = schema.safeParse(await readJson(request, limits));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new ApiError('invalid-request', `The body is not as expected at "${field}".`, {
    expected: issue?.message ?? 'another body',
    received: field,
  });
}

export const statisticsRoute: Route = {
  name: 'statistics',
  method: 'get',
  path: '/api/statistics',
  id: 'getStatistics',
  tag: 'Numbers',
  summary: 'Totals, latency and a series over time',
  policy: 'read',
  parameters: [WINDOW],
  answers: cacheable('StatisticsResponse', 'The numbers of the window.'),
  problems: ['invalid-request', ...LIMITED],
  handler: statistics,
};

export const visualizationsRoute: Route = {
  name: 'visualizations',
  method: 'get',
  path: '/api/visualizations',
  id: 'getVisualizations',
  tag: 'Numbers',
  summary: 'The same numbers, ready to be drawn',
  policy: 'read',
  parameters: [WINDOW, UNTIL, MODEL_QUERY],
  answers: cacheable('VisualizationsResponse', 'The charts of the window.'),
  problems: ['invalid-request', 'not-found', ...LIMITED],
  handler: visualizations,
};

export const uptimeRoute: Route = {
  name: 'uptime',
  method: 'get',
  path: '/api/model/uptime',
  id: 'getUptime',
  tag: 'Models',
  summary: 'How long a model has been there',
  parameters: [MODEL_QUERY],
  answers: {
    200: {
      description: 'Availability is a share from 0 to 1.',
      content: json('UptimeResponse'),
    },
  },
  problems: ['invalid-request', 'not-found'],
  handler: uptime,
};

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

export const feedbackRoute: Route = {
  name: 'feedback',
  method: 'post',
  path: '/api/feedback',
  id: 'giveFeedback',
  tag: 'Predictions',
  summary: 'Say whether an answer was right',
  policy: 'report',
  body: json('FeedbackRequest'),
  answers: { 200: { description: 'Whether it was new.', content: json('CountedOnce') } },
  problems: [...UPLOADED, ...LIMITED, 'not-found', 'not-ready'],
  sample: {
    id: '0198f7b0-0000-7000-8000-000000000002',
    model: 'tiny-imagenet-200',
    label: 'espresso',
    correct: true,
  },
  handler: feedback,
};
