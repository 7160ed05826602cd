import {
  MODEL_FILE_PATH,
  modelSummarySchema,
  type ModelFile,
  type ModelSummary,
} from '@/lib/shared/contract/models';
import { fetchModels } from '../models';
import { keepText, readKeptText } from './kept-files';

/** What a device loads its model for: the answers, or the comparison with a second model. */
export type DeviceRole = 'answers' | 'compared';

/** Keys of the descriptions of kept models: addresses that the server does not have. */
const KEPT_MODEL_URLS: Record<DeviceRole, string> = {
  answers: '/kept/model.json',
  compared: '/kept/compared-model.json',
};

const TIMEOUT_MS = 10_000;

/**
 * A model of the server's; without an answer the same one if this device keeps it.
 *
 * @param id the server's default model if undefined
 * @param baseUrl origin of the server; the page's own if empty
 * @throws Error if there is neither
 */
export async function findModel(id: string | undefined, baseUrl = ''): Promise<ModelSummary> {
  const isMeant = (model: ModelSummary) => (id === undefined ? model.default : model.id === id);
  try {
    const models = await fetchModels(AbortSignal.timeout(TIMEOUT_MS), { baseUrl });
    const model = models.find(isMeant);
    if (!model) throw new Error(`The server has no model${id === undefined ? '' : ` ${id}`}.`);
    return { ...model, files: model.files.map((file) => ({ ...file, url: baseUrl + file.url })) };
  } catch (error) {
    const kept = (await keptModels()).find(isMeant);
    if (!kept) throw error;
    return kept;
  }
}

/** The one of a model's files that a browser loads. */
export function deviceFileOf({ files, deviceFile = MODEL_FILE_PATH }: ModelSummary): ModelFile {
  return files.find(({ path }) => path === deviceFile)!;
}

/** All that a browser loads for a model, with what runs it. */
export function downloadBytesOf(model: ModelSummary, runtimeBytes: number): number {
  const files = [deviceFileOf(model), ...deviceDataOf(model)];
  return files.reduce((sum, { bytes }) => sum + bytes, runtimeBytes);
}

/** The files in which that one keeps its weights; none where they are inside. */
export function deviceDataOf({ files, deviceData = [] }: ModelSummary): ModelFile[] {
  return files.filter(({ path }) => deviceData.includes(path));
}

/** Called when the model's file is loaded; the model kept in this role before may be removed. */
export function keepModel(model: ModelSummary, role: DeviceRole): Promise<void> {
  return keepText(KEPT_MODEL_URLS[role], JSON.stringify(model));
}

/** Addresses of all that is kept of models. */
export async function keptModelUrls(): Promise<string[]> {
  const files = (await keptModels()).flatMap((model) => [
    deviceFileOf(model),
    ...deviceDataOf(model),
  ]);
  return [...Object.values(KEPT_MODEL_URLS), ...files.map(({ url }) => url)];
}

async function keptModels(): Promise<ModelSummary[]> {
  const texts = await Promise.all(Object.values(KEPT_MODEL_URLS).map(readKeptText));
  return texts.flatMap((text) => {
    const kept = modelSummarySchema.safeParse(parseJson(text));
    return kept.success ? [kept.data] : [];
  });
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
