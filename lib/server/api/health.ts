import type { HealthResponse, HealthStatus } from '@/lib/shared/contract/health';
import { jsonResponse } from '../http/json-response';
import { checkModel } from '../inference/readiness';
import type { Runtime } from './runtime';
import { build } from '../build-info';
import { json } from './openapi/parts';
import { refTo, type JsonSchema } from './openapi/schemas';
import type { Route, RouteContext } from './route';

const WORST_FIRST: readonly HealthStatus[] = ['unavailable', 'degraded', 'ok'];

/** `probe=live` asks only whether the process answers. */
function answerHealth({ request }: RouteContext, runtime: Runtime): Response {
  return new URL(request.url).searchParams.get('probe') === 'live'
    ? jsonResponse({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } })
    : health(runtime, new Date());
}

/** GET /api/health: 503 while nothing can be predicted. */
export function health({ pool, registry, guard, startedAt }: Runtime, now: Date): Response {
  const checks = {
    model: checkModel(pool, registry),
    store: storeCheck(guard),
    queue: queueCheck(pool),
  };
  const status = WORST_FIRST.find((candidate) =>
    Object.values(checks).some((check) => check.status === candidate),
  )!;
  const body: HealthResponse = {
    status,
    checks,
    ...build,
    uptimeSeconds: Math.floor((now.getTime() - startedAt.getTime()) / 1000),
  };
  return jsonResponse(body, {
    status: status === 'unavailable' ? 503 : 200,
    headers: {
      'Cache-Control': 'no-store',
      ...(status === 'unavailable' ? { 'Retry-After': '1' } : {}),
    },
  });
}

function storeCheck({
  store: { kind },
  isUnavailable,
  trouble,
}: Runtime['guard']): HealthResponse['checks']['store'] {
  if (trouble === undefined) return { status: 'ok', kind };
  const meanwhile = isUnavailable
    ? 'counts wait and quotas are kept by this process alone'
    : 'statistics are partial and keys that this process has not seen cannot be checked';
  return { status: 'degraded', kind, detail: `${trouble}; meanwhile ${meanwhile}` };
}

function queueCheck({ waiting, limit }: Runtime['pool']): HealthResponse['checks']['queue'] {
  return { status: waiting >= limit ? 'degraded' : 'ok', waiting, limit };
}

const LIVE: JsonSchema = {
  type: 'object',
  properties: { status: { const: 'ok' } },
  required: ['status'],
  additionalProperties: false,
};

export const healthRoute: Route = {
  name: 'health',
  isOpen: true,
  method: 'get',
  path: '/api/health',
  id: 'getHealth',
  tag: 'Operation',
  summary: 'Whether predictions are answered',
  description:
    'The model, the store and the queue, each with what is wrong with it. Has no quota and needs no key.',
  parameters: [
    {
      name: 'probe',
      in: 'query',
      description: '`live` asks only whether the process answers.',
      schema: { type: 'string', enum: ['live'] },
      example: 'live',
    },
  ],
  answers: {
    200: {
      description: 'They are; `degraded` says with what is wrong.',
      content: {
        'application/json': {
          schema: { anyOf: [refTo('HealthResponse'), LIVE] },
        },
      },
    },
    503: {
      description: 'They are not now.',
      content: json('HealthResponse'),
      headers: ['Retry-After'],
    },
  },
  problems: ['invalid-request'],
  handler: answerHealth,
};
