import { batchResponseSchema, type BatchResponse } from '@/lib/shared/contract/batch';
import { predictResponseSchema, type PredictResponse } from '@/lib/shared/contract/predict';
import type { Explanation } from '@/lib/shared/vision/explain/heat-map';
import { request, type RequestOptions } from './request';

export { ServerError } from './server-error';

export interface PredictOptions extends RequestOptions {
  /** How many labels; the server's default without. */
  readonly topK?: number;
  /** Id of a model; the default one without. */
  readonly model?: string;
  /** How the picture was prepared, if it was: a model's `preprocessing.version`. */
  readonly prepared?: string;
  /** A class to be explained. */
  readonly explainIndex?: number;
}

/**
 * Has the server classify a picture.
 *
 * @throws as `request`
 */
export function predictOnServer(picture: Blob, options: PredictOptions): Promise<PredictResponse> {
  const init = {
    method: 'POST',
    // A type such as text/plain would be refused unread; the bytes decide what it is.
    headers: { 'Content-Type': 'application/octet-stream' },
    body: picture,
  };
  return request(`/api/predict${query(options)}`, init, predictResponseSchema, options);
}

/**
 * Has the server classify 1 to 32 pictures; the answer has a result or a problem for each, in order.
 *
 * @throws as `request`
 */
export function predictBatchOnServer(
  pictures: readonly File[],
  options: PredictOptions,
): Promise<BatchResponse> {
  const body = new FormData();
  for (const picture of pictures) body.append('images', picture, picture.name);
  const init = { method: 'POST', body };
  return request(`/api/predict/batch${query(options)}`, init, batchResponseSchema, options);
}

/**
 * Where the evidence for a class lies, computed by the server.
 *
 * @throws as `request`
 */
export async function explainOnServer(
  picture: Blob,
  index: number,
  options: PredictOptions,
): Promise<Explanation> {
  const asked = { ...options, explainIndex: index };
  const { explanation } = await predictOnServer(picture, asked);
  if (!explanation) throw new Error('expected an explanation, but the answer has none');
  return explanation;
}

function query({ topK, model, prepared, explainIndex }: PredictOptions): string {
  const search = new URLSearchParams();
  if (topK !== undefined) search.set('topK', String(topK));
  if (model !== undefined) search.set('model', model);
  if (prepared !== undefined) search.set('prepared', prepared);
  if (explainIndex !== undefined) {
    search.set('explain', 'true');
    search.set('explainIndex', String(explainIndex));
  }
  return search.size === 0 ? '' : `?${search}`;
}
