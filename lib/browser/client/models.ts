import {
  modelsResponseSchema,
  type ModelsResponse,
  type ModelSummary,
} from '@/lib/shared/contract/models';
import { request, type RequestOptions } from './request';

const TIMEOUT_MS = 15_000;

/**
 * Every folder that is installed, those that cannot be served with the reason.
 *
 * @throws as `request`
 */
export function fetchModelFolders(
  signal?: AbortSignal,
  server: Pick<RequestOptions, 'baseUrl' | 'key'> = {},
): Promise<ModelsResponse> {
  const options = { timeoutMs: TIMEOUT_MS, ...server, ...(signal ? { signal } : {}) };
  return request('/api/models', {}, modelsResponseSchema, options);
}

/**
 * Every model that can be asked.
 *
 * @throws as `request`
 */
export async function fetchModels(
  signal?: AbortSignal,
  server: Pick<RequestOptions, 'baseUrl' | 'key'> = {},
): Promise<ModelSummary[]> {
  return (await fetchModelFolders(signal, server)).models;
}

/**
 * A text file of a model's folder.
 *
 * @throws Error if it does not come
 */
export async function fetchModelText(url: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}
