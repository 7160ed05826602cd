import {
  modelsResponseSchema,
  type ModelsResponse,
  type ModelSummary,
} from '@/lib/shared/contract/models';
import { request, type RequestOptions } from './request';

const TIMEOUT_MS = 15_000;

/**
 * Lists every installed model folder; those that cannot be served come with the reason.
 *
 * @throws as `request` does
 */
export function fetchModelFolders(
  signal?: AbortSignal,
  server: Pick<RequestOptions, 'baseUrl' | 'key'> = {},
): Promise<ModelsResponse> {
  const options = { timeoutMs: TIMEOUT_MS, ...server, ...(signal ? { signal } : {}) };
  return request('/api/models', {}, modelsResponseSchema, options);
}

/**
 * Lists every model that can answer.
 *
 * @throws as `request` does
 */
export async function fetchModels(
  signal?: AbortSignal,
  server: Pick<RequestOptions, 'baseUrl' | 'key'> = {},
): Promise<ModelSummary[]> {
  return (await fetchModelFolders(signal, server)).models;
}

/**
 * Fetches a text file of a model folder.
 *
 * @throws Error if the file cannot be fetched
 */
export async function fetchModelText(url: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}
