import {
  MODEL_FILE_PATH,
  modelSummarySchema,
  type ModelFile,
  type ModelSummary,
} from '@/lib/shared/contract/models';
import { fetchModels } from '../models';
import { keepText, readKeptText } from './kept-files';

/** A device's role: it gives the answers, or runs the second model of the comparison. */
export type DeviceRole = 'answers' | 'compared';

/** Cache keys of the stored model descriptions: URLs that the server does not have. */
const KEPT_MODEL_URLS: Record<DeviceRole, string> = {
  answers: '/kept/model.json',
  compared: '/kept/compared-model.json',
};

const TIMEOUT_MS = 10_000;

/**
 * Finds a model's description on the server. If the server does not answer, takes the description
 * that this device keeps.
 *
 * @param id undefined means the server's default model
 * @param baseUrl origin of the server; empty means the page's own origin
 * @throws Error if neither has the model
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

/** The model file that a browser loads. */
export function deviceFileOf({ files, deviceFile = MODEL_FILE_PATH }: ModelSummary): ModelFile {
  return files.find(({ path }) => path === deviceFile)!;
}

/** Bytes of everything that a browser loads for a model, runtime included. */
export function downloadBytesOf(model: ModelSummary, runtimeBytes: number): number {
  const files = [deviceFileOf(model), ...deviceDataOf(model)];
  return files.reduce((sum, { bytes }) => sum + bytes, runtimeBytes);
}

/** The external weight files of that model file; none if it contains its weights. */
export function deviceDataOf({ files, deviceData = [] }: ModelSummary): ModelFile[] {
  return files.filter(({ path }) => deviceData.includes(path));
}

/** Records the loaded model of this role. The model recorded before may then be removed. */
export function keepModel(model: ModelSummary, role: DeviceRole): Promise<void> {
  return keepText(KEPT_MODEL_URLS[role], JSON.stringify(model));
}

/** URLs of all kept files of models. */
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
