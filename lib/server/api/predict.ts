import type { PredictResponse } from '@/lib/shared/contract/predict';
import { selectedOf } from '@/lib/shared/vision/ranking';
import { answerPicture, parseQuestion, serverTiming } from '../prediction/classify';
import { explainPicture, parseExplain } from '../prediction/explain';
import { jsonResponse } from '../http/json-response';
import { readSingleImage } from '../intake/single-image';
import type { Runtime } from './runtime';
import {
  LIMITED,
  UPLOADED,
  DECODED,
  INFERRED,
  PREPARATION,
  MODEL_QUERY,
  TOP_K,
  EXPLAIN,
  EXPLAIN_INDEX,
  PREPARED,
  json,
  multipart,
  BYTES,
  FILE,
} from './openapi/parts';
import type { CountedResponse, Route, RouteContext } from './route';

/** POST /api/predict: one picture, one ranking. */
export async function predict(
  { request, answerId, startedAtMs, charge, notes }: RouteContext,
  runtime: Runtime,
): Promise<CountedResponse> {
  const question = parseQuestion(request, runtime);
  notes.model = question.model.id;
  const bytes = await readSingleImage(request, runtime.settings);
  const explain = parseExplain(request, question.model);
  const work = explain ? explainPicture(explain, charge) : answerPicture;
  const { answer, counted } = await work(runtime, question, bytes, request.signal, startedAtMs);
  const { model } = question;
  const { index } = answer.predictions[0]!;
  const selected = selectedOf(answer.predictions);
  const signed = { id: answerId, modelId: model.id, index, selected };
  const signature = await runtime.signer.sign(signed);
  const body: PredictResponse = {
    id: answerId,
    model: { id: model.id, version: model.version },
    ...answer,
    source: 'server',
    ...(signature === undefined ? {} : { signature }),
  };
  const headers = {
    'Cache-Control': 'no-store',
    'Server-Timing': serverTiming(answer.timings),
    'X-Cache': answer.cached ? 'HIT' : 'MISS',
  };
  return { response: jsonResponse(body, { headers }), counted: ['n:predictions', ...counted] };
}

export const predictRoute: Route = {
  name: 'predict',
  method: 'post',
  path: '/api/predict',
  id: 'predict',
  tag: 'Predictions',
  summary: 'Classify one picture',
  description:
    'One picture: a multipart part named `image` (or `file`), or the raw bytes. JSON is read too, `{"image": "<base64 or data URL>"}` as application/json. The bytes decide the format: JPEG, PNG, WebP, AVIF or GIF. Scores are probabilities over all classes. Costs one of the quota, an explanation by occlusion five.',
  policy: 'predict',
  parameters: [TOP_K, MODEL_QUERY, EXPLAIN, EXPLAIN_INDEX, PREPARED],
  body: {
    ...multipart('image', FILE),
    'application/octet-stream': { schema: BYTES },
    'image/*': { schema: BYTES },
  },
  answers: {
    200: {
      description: 'The ranking.',
      content: json('PredictResponse'),
      headers: ['Server-Timing', 'X-Cache'],
    },
  },
  problems: [...UPLOADED, ...DECODED, ...PREPARATION, ...LIMITED, ...INFERRED, 'not-found'],
  sample: 'picture',
  handler: predict,
};
