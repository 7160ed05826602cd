import { modelSummarySchema, type ModelSummary } from '../../shared/contract/models';
import { fetchModels } from '../client/models';
import { keepText, readKeptText } from './kept-files';

/** Not an address of the server: the model whose files are kept is described under it. */
export const KEPT_MODEL_URL = '/kept/model.json';

const TIMEOUT_MS = 10_000;

/**
 * A model of the server's; without an answer the same one if this device keeps it.
 *
 * @param id the server's default model if undefined
 * @throws Error if there is neither
 */
export async function findModel(id: string | undefined): Promise<ModelSummary> {
  const isMeant = (model: ModelSummary) => (id === undefined ? model.default : model.id === id);
  try {
    const model = (await fetchModels(AbortSignal.timeout(TIMEOUT_MS))).find(isMeant);
    if (!model) throw new Error(`The server has no model${id === undefined ? '' : ` ${id}`}.`);
    return model;
  } catch (error) {
    const kept = modelSummarySchema.safeParse(parseJson(await readKeptText(KEPT_MODEL_URL)));
    if (!kept.success || !isMeant(kept.data)) throw error;
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
