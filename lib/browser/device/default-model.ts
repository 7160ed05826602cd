import { modelSummarySchema, type ModelSummary } from '../../shared/contract/models';
import { fetchDefaultModel } from '../client/models';
import { keepText, readKeptText } from './kept-files';

/** Not an address of the server: the model whose files are kept is described under it. */
export const KEPT_MODEL_URL = '/kept/model.json';

const TIMEOUT_MS = 10_000;

/**
 * The server's default model; without an answer the one that this device keeps.
 *
 * @throws Error if there is neither
 */
export async function findDefaultModel(): Promise<ModelSummary> {
  try {
    return await fetchDefaultModel(AbortSignal.timeout(TIMEOUT_MS));
  } catch (error) {
    const kept = modelSummarySchema.safeParse(parseJson(await readKeptText(KEPT_MODEL_URL)));
    if (!kept.success) throw error;
    return kept.data;
  }
}

/** Called when the model's files are here. */
export function keepModel(model: ModelSummary): Promise<void> {
  return keepText(KEPT_MODEL_URL, JSON.stringify(model));
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
