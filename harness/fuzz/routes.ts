/**
 * All routes, with their requests and the schemas of their valid answers. Add a row for each new
 * route.
 */
import type * as z from 'zod/mini';
import { batchResponseSchema } from '@/lib/shared/contract/batch';
import {
  hfResponseSchema,
  hubModelSchema,
  hubModelsSchema,
  hubTreeSchema,
} from '@/lib/shared/contract/hugging-face';
import { modelsResponseSchema, modelSummarySchema } from '@/lib/shared/contract/models';
import { v1ModelSchema, v1ResponseSchema } from '@/lib/shared/contract/kserve-v1';
import {
  oipIndexSchema,
  oipModelConfigSchema,
  oipModelSchema,
  oipReadySchema,
  oipResponseSchema,
  oipServerSchema,
  oipStatisticsSchema,
} from '@/lib/shared/contract/open-inference';
import { predictResponseSchema } from '@/lib/shared/contract/predict';
import {
  reportsResponseSchema,
  statisticsResponseSchema,
  uptimeResponseSchema,
  visualizationsResponseSchema,
} from '@/lib/shared/contract/statistics';
import type { JsonKind } from './bodies';

export interface FuzzRoute {
  /** A word in braces is a parameter. */
  readonly path: string;
  readonly method: 'GET' | 'POST';
  /** How often the route is requested, relative to the others. */
  readonly weight: number;
  readonly body?: {
    readonly json?: JsonKind;
    /** Name of a file part. */
    readonly part?: string;
    readonly raw?: true;
  };
  /** Schema of answers with status 200, if they are JSON and have one. */
  readonly schema?: z.ZodMiniType;
}

export const ROUTES: readonly FuzzRoute[] = [
  {
    path: '/api/predict',
    method: 'POST',
    weight: 12,
    body: { json: 'image', part: 'image', raw: true },
    schema: predictResponseSchema,
  },
  {
    path: '/api/predict/batch',
    method: 'POST',
    weight: 6,
    body: { part: 'images' },
    schema: batchResponseSchema,
  },
  {
    path: '/hf/models/{id}',
    method: 'POST',
    weight: 5,
    body: { json: 'inputs', raw: true },
    schema: hfResponseSchema,
  },
  {
    path: '/api/predictions/report',
    method: 'POST',
    weight: 4,
    body: { json: 'reports' },
    schema: reportsResponseSchema,
  },
  {
    path: '/api/feedback',
    method: 'POST',
    weight: 3,
    body: { json: 'feedback' },
    schema: reportsResponseSchema,
  },
  { path: '/api/statistics', method: 'GET', weight: 2, schema: statisticsResponseSchema },
  { path: '/api/visualizations', method: 'GET', weight: 2, schema: visualizationsResponseSchema },
  { path: '/api/model/uptime', method: 'GET', weight: 1, schema: uptimeResponseSchema },
  { path: '/api/models', method: 'GET', weight: 1, schema: modelsResponseSchema },
  { path: '/api/models/{id}', method: 'GET', weight: 2, schema: modelSummarySchema },
  { path: '/api/health', method: 'GET', weight: 1 },
  { path: '/hf/{id}/resolve/{revision}/{file}', method: 'GET', weight: 3 },
  { path: '/hf/api/models', method: 'GET', weight: 1, schema: hubModelsSchema },
  { path: '/hf/api/models/{id}', method: 'GET', weight: 1, schema: hubModelSchema },
  {
    path: '/hf/api/models/{id}/tree/{revision}',
    method: 'GET',
    weight: 1,
    schema: hubTreeSchema,
  },
  { path: '/api/openapi.json', method: 'GET', weight: 1 },
  { path: '/api/metrics', method: 'GET', weight: 1 },
  { path: '/v2', method: 'GET', weight: 1, schema: oipServerSchema },
  { path: '/v2/health/ready', method: 'GET', weight: 1, schema: oipReadySchema },
  { path: '/v2/models/{id}', method: 'GET', weight: 1, schema: oipModelSchema },
  {
    path: '/v2/models/{id}/infer',
    method: 'POST',
    weight: 6,
    body: { json: 'tensor' },
    schema: oipResponseSchema,
  },
  { path: '/v2/models/{id}/stats', method: 'GET', weight: 1, schema: oipStatisticsSchema },
  { path: '/v2/models/{id}/config', method: 'GET', weight: 1, schema: oipModelConfigSchema },
  {
    path: '/v2/repository/index',
    method: 'POST',
    weight: 2,
    body: { json: 'image' },
    schema: oipIndexSchema,
  },
  {
    path: '/v1/models/tiny-imagenet-200:predict',
    method: 'POST',
    weight: 3,
    body: { json: 'tensor' },
    schema: v1ResponseSchema,
  },
  { path: '/v1/models/{id}', method: 'GET', weight: 1, schema: v1ModelSchema },
  { path: '/api', method: 'GET', weight: 1 },
  { path: '/api/{rest}', method: 'POST', weight: 1, body: { json: 'image' } },
];

/**
 * Folders that belong to the API completely. Every error there is a problem; under /v1 and /v2 it
 * has the protocol's own form.
 */
export const OUR_FOLDERS = /^\/(api|hf|v1|v2)(\/|$)/;
export const OPEN_INFERENCE_FOLDER = /^\/v[12](\/|$)/;

/** The route with this method and path; of several the most specific. */
export function findRoute(method: string, path: string): FuzzRoute | undefined {
  const asked = method === 'HEAD' ? 'GET' : method;
  return matchingRoutes(path).find((route) => route.method === asked);
}

/** Whether any route has this path. `/api/{rest}` does not count, because it matches the rest. */
export function isRoutePath(path: string): boolean {
  return matchingRoutes(path).length > 0;
}

function matchingRoutes(path: string): readonly FuzzRoute[] {
  const matching = PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ route }) => route);
  return matching.sort((a, b) => wildcards(a) - wildcards(b));
}

const wildcards = ({ path }: FuzzRoute) => path.split('{').length;

const PATTERNS = ROUTES.map((route) => ({
  route,
  // A file parameter may contain slashes; every other parameter is one segment.
  pattern: new RegExp(
    `^${route.path
      .replaceAll('.', '\\.')
      .replace('{file}', '.+')
      .replace(/\{\w+\}/g, '[^/]+')}$`,
  ),
}));
