import {
  hfRequestSchema,
  type HfParameters,
  type HfResponse,
} from '@/lib/shared/contract/hugging-face';
import { DEFAULT_TOP_K } from '@/lib/shared/contract/predict';
import { rank } from '@/lib/shared/vision/answer';
import { sigmoid, softmax, topK } from '@/lib/shared/vision/ranking';
import { classifyPicture, countedOf } from '../../prediction/classify';
import { ApiError } from '../../http/api-error';
import type { CountedResponse } from '../../http/limited-route';
import type { RouteContext } from '../../http/route';
import { readBytes } from '../../intake/body';
import { readJson } from '../../intake/json';
import { base64OverheadBytes, decodeBase64 } from '../../intake/single-image';
import type { Runtime } from '../../process/runtime';
import type { Settings } from '../../settings';

interface HfQuestion {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly parameters: HfParameters;
}

/** POST /hf/models/{id}: what Hugging Face's clients send, when they are pointed here. */
export async function huggingFaceTask(
  { request, params }: RouteContext<{ id: string }>,
  runtime: Runtime,
): Promise<CountedResponse> {
  const model = runtime.registry.get(params.id);
  const { bytes, parameters } = await readQuestion(request, runtime.settings);
  const classified = await classifyPicture(runtime, model, bytes, request.signal);
  const { logits } = classified.prediction;
  const count = Math.min(parameters.top_k ?? DEFAULT_TOP_K, model.labels.length);
  const scores = applyFunction(
    logits,
    parameters.function_to_apply ?? 'softmax',
    model.sureness.temperature,
  );
  const body: HfResponse = topK(scores, model.labels, count).map(({ label, score }) => ({
    label,
    score,
  }));
  const ranked = rank(classified.prediction, model.labels, 1, model.sureness);
  return {
    response: Response.json(body, {
      headers: {
        'Cache-Control': 'no-store',
        'X-Cache': classified.layer === 'miss' ? 'MISS' : 'HIT',
      },
    }),
    counted: ['n:predictions', ...countedOf(classified, model, ranked)],
  };
}

function applyFunction(
  logits: Float32Array,
  name: NonNullable<HfParameters['function_to_apply']>,
  temperature: number,
): ArrayLike<number> {
  if (name === 'none') return logits;
  return name === 'sigmoid' ? sigmoid(logits) : softmax(logits, temperature);
}

/** Raw bytes, or JSON with base64 and parameters. */
async function readQuestion(
  request: Request,
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
