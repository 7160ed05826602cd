import { modelsResponseSchema, type ModelSummary } from '../../shared/contract/models';
import { request } from './request';

const TIMEOUT_MS = 15_000;

/**
 * The model that is used when none is named.
 *
 * @throws ServerError, or Error if the server has no model
 */
export async function fetchDefaultModel(signal?: AbortSignal): Promise<ModelSummary> {
  const options = { timeoutMs: TIMEOUT_MS, ...(signal ? { signal } : {}) };
  const { models } = await request('/api/models', {}, modelsResponseSchema, options);
  const model = models.find((candidate) => candidate.default);
  if (!model) throw new Error('The server has no model.');
  return model;
}
