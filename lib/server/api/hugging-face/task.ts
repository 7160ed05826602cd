import {
  hfRequestSchema,
  type HfParameters,
  type HfResponse,
} from '@/lib/shared/contract/hugging-face';
import { DEFAULT_TOP_K } from '@/lib/shared/contract/predict';
import type { Head } from '@/lib/shared/model/head';
import { rank } from '@/lib/shared/vision/answer';
import { sigmoid, softmax, topK } from '@/lib/shared/vision/ranking';
import { fromLogits, scoresOf } from '@/lib/shared/vision/scores';
import { classifyPicture, countedLabels, countedOf } from '../../prediction/classify';
import { ApiError } from '../../http/api-error';
import type { ApiRequest } from '../../http/api-request';
import { jsonResponse } from '../../http/json-response';
import { readBytes } from '../../intake/body';
import { readJson } from '../../intake/json';
import { base64OverheadBytes, decodeBase64 } from '../../intake/single-image';
import type { Runtime } from '../runtime';
import type { ModelFolder } from '../../models/folder';
import type { Settings } from '../../settings';
import { findHubModel } from './hub';
import { LIMITED, UPLOADED, DECODED, INFERRED, MODEL_ID, json, BYTES } from '../openapi/parts';
import type { CountedResponse, Route, RouteContext } from '../route';

interface HfQuestion {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly parameters: HfParameters;
}

/** POST /hf/models/{id}: the request that Hugging Face's clients send. */
export async function huggingFaceTask(
  { request, params, notes }: RouteContext,
  runtime: Runtime,
): Promise<CountedResponse> {
  const model = findHubModel(runtime.registry, params.id);
  notes.model = model.id;
  const { bytes, parameters } = await readQuestion(request, runtime.settings);
  const classified = await classifyPicture(runtime, model, bytes, request.signal);
  const { logits } = classified.prediction;
  const count = Math.min(parameters.top_k ?? DEFAULT_TOP_K, model.labels.length);
  const { head } = runtime.pool.signature(model.id);
  const scores = applyFunction(
    Float32Array.from(logits),
    parameters.function_to_apply ?? undefined,
    head,
    model,
  );
  const body: HfResponse = topK(scores, model.labels, count).map(({ label, score }) => ({
    label,
    score,
  }));
  const ranked = rank(classified.prediction, model, countedLabels(model));
  return {
    response: jsonResponse(body, {
      headers: {
        'Cache-Control': 'no-store',
        'X-Cache': classified.layer === 'miss' ? 'MISS' : 'HIT',
      },
    }),
    counted: ['n:predictions', ...countedOf(classified, model, ranked)],
  };
}

type Floats = Float32Array<ArrayBuffer>;

/**
 * Without a function in the request, the head's function, calibrated as in /api/predict. "none"
 * gives what the graph gives. A graph that has applied a function itself takes no other, and none
 * twice.
 *
 * @throws ApiError `invalid-request` for another function than the graph's
 */
function applyFunction(
  logits: Floats,
  asked: HfParameters['function_to_apply'],
  head: Head,
  { calibration: { temperature } }: ModelFolder,
): ArrayLike<number> {
  const own = head.kind === 'single-label' ? 'softmax' : 'sigmoid';
  const name = asked ?? own;
  if (name === 'none') return untouched(logits, head);
  if (name === own || head.kind === 'binary') return scoresOf(logits, head, temperature);
  if (head.scores === 'logits') return name === 'sigmoid' ? sigmoid(logits) : softmax(logits);
  throw new ApiError('invalid-request', `The model's graph ends in a ${own} already.`, {
    expected: `function_to_apply "${own}" or "none"`,
    received: name,
  });
}

/** Of one output z the label that it speaks for has z, and the other what is left: 1 − z or −z. */
function untouched(logits: Floats, head: Head): Floats {
  const values = fromLogits(logits, head, logits.length);
  if (head.kind !== 'binary') return values;
  const [value = 0] = values;
  const rest = head.scores === 'probabilities' ? 1 - value : -value;
  return head.positive === 0 ? Float32Array.of(value, rest) : Float32Array.of(rest, value);
}

/** Raw bytes, or JSON with base64 and parameters. */
async function readQuestion(
  request: ApiRequest,
  { maxUploadBytes, uploadTimeoutMs: timeoutMs }: Settings,
): Promise<HfQuestion> {
  const isJson = (request.headers.get('content-type') ?? '').startsWith('application/json');
  if (!isJson) {
    return {
      bytes: await readBytes(request, { maxBytes: maxUploadBytes, timeoutMs }),
      parameters: {},
    };
  }
  const overheadBytes = base64OverheadBytes(maxUploadBytes);
  const json = await readJson(request, { maxBytes: maxUploadBytes, overheadBytes, timeoutMs });
  const parsed = hfRequestSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ApiError('invalid-request', 'The JSON is not a question of this task.', {
      expected:
        '{"inputs": "<base64>", "parameters": {"top_k": 5, "function_to_apply": "softmax"}}',
      received: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    });
  }
  const { inputs, parameters } = parsed.data;
  return { bytes: decodeBase64(inputs, maxUploadBytes), parameters: parameters ?? {} };
}

export const taskRoute: Route = {
  name: 'hf-task',
  method: 'post',
  path: '/hf/models/{id}',
  id: 'huggingFaceTask',
  tag: 'Hugging Face',
  summary: 'Image classification as Hugging Face’s clients ask for it',
  description:
    'The bytes of a picture, or base64 in JSON with parameters. `function_to_apply` is softmax, sigmoid or none; without it that of the model. Costs one of the quota.',
  policy: 'predict',
  parameters: [MODEL_ID],
  body: { 'application/octet-stream': { schema: BYTES }, ...json('HuggingFaceRequest') },
  answers: {
    200: {
      description: 'Labels with scores.',
      content: json('HuggingFaceResponse'),
      headers: ['X-Cache'],
    },
  },
  problems: [...UPLOADED, ...DECODED, ...LIMITED, ...INFERRED, 'not-found'],
  sample: 'picture',
  handler: huggingFaceTask,
};
