import { batchResponseSchema, type BatchResponse } from '@/lib/shared/contract/batch';
import { predictResponseSchema, type PredictResponse } from '@/lib/shared/contract/predict';
import type { Explanation } from '@/lib/shared/vision/explain/heat-map';
import { request, type RequestOptions } from './request';

export { ServerError } from './server-error';

export interface PredictOptions extends RequestOptions {
  /** Number of labels; default: the server's. */
  readonly topK?: number;
  /** Id of a model; default: the server's default model. */
  readonly model?: string;
  /**
   * The `preprocessing.version` of the model that the picture was prepared for; absent for a whole
   * file.
   */
  readonly prepared?: string;
  /** Index of the class to explain. */
  readonly explainIndex?: number;
}

/**
 * Classifies a picture on the server.
 *
 * @throws as `request` does
 */
export function predictOnServer(picture: Blob, options: PredictOptions): Promise<PredictResponse> {
  const init = {
    method: 'POST',
    // The server detects the format from the bytes, but refuses types such as text/plain unread.
    headers: { 'Content-Type': 'application/octet-stream' },
    body: picture,
  };
  return request(`/api/predict${query(options)}`, init, predictResponseSchema, options);
}

/**
 * Classifies 1 to 32 pictures on the server. The answer has a result or a problem for each, in
 * order.
 *
 * @throws as `request` does
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
 * Computes on the server where the evidence for a class lies.
 *
 * @throws as `request` does
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
