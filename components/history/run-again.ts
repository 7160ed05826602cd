import { getDevice } from '@/components/classify/use-device';
import type { Classified } from '@/lib/browser/client/client';
import { fetchModels } from '@/lib/browser/client/models';
import { predictOnServer } from '@/lib/browser/client/predict';
import type { Device } from '@/lib/browser/client/device/device';
import { keepAgain, type HistoryEntry } from '@/lib/browser/history';
import { SERVER_TIMEOUT_MS } from '@/lib/browser/client/where';

/** One run at a time, because only one device can hold another model than the page's. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Classifies a picture of the history on the other runtime, and stores the answer with the first
 * one. Uses the model that answered first, or the server's default model if that no longer exists.
 *
 * @throws ServerError or DeviceError
 */
export function runAgain(entry: HistoryEntry, picture: Blob): Promise<void> {
  const run = async () => {
    const model = await modelFor(entry.classified.answer.model.id);
    const { on } = entry.classified;
    await keepAgain(entry.key, await (on === 'server' ? onDevice : onServer)(picture, model));
  };
  const mine = turn.then(run, run);
  turn = mine;
  return mine;
}

interface ModelFor {
  /** Undefined means the server's default model. */
  readonly id: string | undefined;
  readonly isDefault: boolean;
}

/**
 * Finds the model. If the server does not list its models, assumes the same model: the device may
 * have it.
 */
async function modelFor(id: string): Promise<ModelFor> {
  const models = await fetchModels(AbortSignal.timeout(SERVER_TIMEOUT_MS)).catch(() => undefined);
  const found = models?.find((model) => model.id === id);
  if (models && !found) return { id: undefined, isDefault: true };
  return { id, isDefault: found?.default ?? false };
}

async function onDevice(picture: Blob, model: ModelFor): Promise<Classified> {
  const device = deviceFor(model);
  try {
    const startedAtMs = performance.now();
    const answer = await device.classify(picture);
    const elapsedMs = performance.now() - startedAtMs;
    return { on: 'device', answer, elapsedMs, reason: 'again', failure: undefined };
  } finally {
    // Unloads the second model, so that it does not stay in memory.
    if (device !== getDevice()) device.forget();
  }
}

/** The page's own device if it has the model; else the device for a second model. */
function deviceFor({ id, isDefault }: ModelFor): Device {
  const own = getDevice();
  if (own.modelId === id || (own.modelId === undefined && isDefault)) return own;
  const other = getDevice('compared');
  other.useModel(id);
  return other;
}

async function onServer(picture: Blob, { id }: ModelFor): Promise<Classified> {
  const startedAtMs = performance.now();
  const answer = await predictOnServer(picture, {
    timeoutMs: SERVER_TIMEOUT_MS,
    retries: 2,
    ...(id === undefined ? {} : { model: id }),
  });
  return { on: 'server', answer, elapsedMs: performance.now() - startedAtMs };
}
