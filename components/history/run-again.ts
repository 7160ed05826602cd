import { getDevice } from '@/components/classify/use-device';
import type { Classified } from '@/lib/browser/classify';
import { predictOnServer } from '@/lib/browser/client/predict';
import { keepAgain, type HistoryEntry } from '@/lib/browser/history';
import { SERVER_TIMEOUT_MS } from '@/lib/browser/where';

/**
 * Has the other runtime classify a picture of the history, and keeps its answer beside the first.
 *
 * @throws ServerError or DeviceError
 */
export async function runAgain(entry: HistoryEntry, picture: Blob): Promise<void> {
  const again =
    entry.classified.on === 'server' ? await onDevice(picture) : await onServer(picture);
  await keepAgain(entry.key, again);
}

async function onDevice(picture: Blob): Promise<Classified> {
  const startedAtMs = performance.now();
  const answer = await getDevice().classify(picture);
  const elapsedMs = performance.now() - startedAtMs;
  return { on: 'device', answer, elapsedMs, reason: 'again', failure: undefined };
}

async function onServer(picture: Blob): Promise<Classified> {
  const startedAtMs = performance.now();
  const answer = await predictOnServer(picture, { timeoutMs: SERVER_TIMEOUT_MS, retries: 2 });
  return { on: 'server', answer, elapsedMs: performance.now() - startedAtMs };
}
