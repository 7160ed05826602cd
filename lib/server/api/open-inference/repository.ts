/**
 * What is installed: the index of the model repository extension, whose loading and unloading is
 * done here by folders,
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md
 */
import { oipIndexRequestSchema, type OipIndex } from '@/lib/shared/contract/open-inference';
import { ApiError } from '../../http/api-error';
import type { ApiRequest } from '../../http/api-request';
import { jsonResponse } from '../../http/json-response';
import { readBytes } from '../../intake/body';
import { parseJson } from '../../intake/json';
import { LIMITED, UPLOADED, json } from '../openapi/parts';
import type { CountedResponse, Route, RouteContext } from '../route';
import type { Runtime } from '../runtime';

const MAX_BYTES = 10_000;

async function index({ request }: RouteContext, runtime: Runtime): Promise<CountedResponse> {
  const { registry, pool, settings } = runtime;
  const onlyReady = await wantsReady(request, settings.uploadTimeoutMs);
  const isReady = pool.state === 'ready';
  const served: OipIndex = registry.models.map(({ id, version }) => ({
    name: id,
    version,
    state: isReady ? 'READY' : 'LOADING',
    reason: '',
  }));
  const broken: OipIndex = registry.broken
    // A folder that was good before is still served, in its last good version.
    .filter(({ id }) => !registry.has(id))
    .map(({ id, reason }) => ({ name: id, version: '', state: 'UNAVAILABLE', reason }));
  const all = [...served, ...broken];
  const body = onlyReady ? all.filter(({ state }) => state === 'READY') : all;
  const response = jsonResponse(body, { headers: { 'Cache-Control': 'no-store' } });
  return { response, counted: [] };
}

/** Without a body all models are listed. */
async function wantsReady(request: ApiRequest, timeoutMs: number): Promise<boolean> {
  const body = await readBytes(request, { maxBytes: MAX_BYTES, timeoutMs });
  if (body.byteLength === 0) return false;
  const parsed = oipIndexRequestSchema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data.ready === true;
  const [issue] = parsed.error.issues;
  throw new ApiError('invalid-request', 'The body is no request for the index.', {
    expected: '{"ready": true}, or nothing',
    received: `${issue?.path.join('.') || 'the whole body'}: ${issue?.message ?? ''}`,
  });
}

export const repositoryIndexRoute: Route = {
  name: 'v2-repository-index',
  method: 'post',
  path: '/v2/repository/index',
  id: 'v2RepositoryIndex',
  tag: 'Open Inference Protocol',
  summary: 'What is installed, and what of it is ready',
  description: 'A body may ask for `{"ready": true}` ones only; none is needed.',
  policy: 'read',
  errors: 'error',
  body: json('InferenceIndexRequest'),
  answers: { 200: { description: 'Each folder of models.', content: json('InferenceIndex') } },
  problems: [...UPLOADED, ...LIMITED],
  sample: { ready: true },
  handler: index,
};
