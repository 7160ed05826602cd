import type { PredictResponse } from '@/lib/shared/contract/predict';
import { answerPicture, parseQuestion, serverTiming } from './classify';
import { explainPicture, parseExplain } from './explain';
import { jsonResponse } from '../http/json-response';
import type { CountedResponse } from '../http/limited-route';
import type { RouteContext } from '../http/route';
import { readSingleImage } from '../intake/single-image';
import type { Runtime } from '../process/runtime';

/** POST /api/predict: one picture, one ranking. */
export async function predict(
  { request, requestId, startedAtMs }: RouteContext<unknown>,
  runtime: Runtime,
): Promise<CountedResponse> {
  const question = parseQuestion(request, runtime);
  const bytes = await readSingleImage(request, runtime.settings);
  const explain = parseExplain(request, question.model);
  const work = explain ? explainPicture(explain) : answerPicture;
  const { answer, counted } = await work(runtime, question, bytes, request.signal, startedAtMs);
  const { model } = question;
  const body: PredictResponse = {
    id: requestId,
    model: { id: model.id, version: model.version },
    ...answer,
    source: 'server',
  };
  const headers = {
    'Cache-Control': 'no-store',
    'Server-Timing': serverTiming(answer.timings),
    'X-Cache': answer.cached ? 'HIT' : 'MISS',
  };
  return { response: jsonResponse(body, { headers }), counted: ['n:predictions', ...counted] };
}
