import './no-eval';
import { modelsResponseSchema, type ModelSummary } from '../../shared/contract/models';

/**
 * The model that is used when none is named.
 *
 * @throws Error if the server cannot be reached or has no model
 */
export async function fetchDefaultModel(signal?: AbortSignal): Promise<ModelSummary> {
  const response = await fetch('/api/models', signal ? { signal } : {});
  if (!response.ok) throw new Error(`The list of models came with status ${response.status}.`);
  const { models } = modelsResponseSchema.parse(await response.json());
  const model = models.find((candidate) => candidate.default);
  if (!model) throw new Error('The server has no model.');
  return model;
}
