import { modelsResponseSchema, type ModelSummary } from '../../shared/contract/models';
import { request } from './request';

const TIMEOUT_MS = 15_000;

/**
 * Every model that is installed.
 *
 * @throws as `request`
 */
export async function fetchModels(signal?: AbortSignal): Promise<ModelSummary[]> {
  const options = { timeoutMs: TIMEOUT_MS, ...(signal ? { signal } : {}) };
  return (await request('/api/models', {}, modelsResponseSchema, options)).models;
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
