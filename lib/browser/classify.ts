import type { PredictResponse } from '../shared/contract/predict';
import type { predictOnServer } from './client/predict';
import { ServerError } from './client/predict';
import type { Device, DeviceAnswer } from './device/device';
import { where, type DeviceReason, type RuntimeChoice, type ServerFailure } from './where';

/** An answer, where it was computed and, on the device, why there. */
export type Classified =
  | { readonly on: 'server'; readonly answer: PredictResponse; readonly elapsedMs: number }
  | {
      readonly on: 'device';
      readonly answer: DeviceAnswer;
      readonly elapsedMs: number;
      readonly reason: DeviceReason;
      readonly failure: ServerFailure | undefined;
    };

export interface ClassifyDependencies {
  readonly device: Pick<Device, 'ability' | 'classify'>;
  readonly askServer: typeof predictOnServer;
  /** Whether this browser reads the picture; asked before a model is loaded for its sake. */
  readonly canDecode: (picture: Blob) => Promise<boolean>;
  readonly isOnline: () => boolean;
  readonly now: () => number;
}

/**
 * Classifies a picture where `where` sends it, and once more on the device if the server fails in
 * a way that has nothing to do with the picture.
 *
 * @throws ServerError if the server's failure is the answer, DeviceError if the device's is
 */
export async function classifyPicture(
  picture: Blob,
  choice: RuntimeChoice,
  signal: AbortSignal,
  dependencies: ClassifyDependencies,
): Promise<Classified> {
  const { device, askServer, canDecode, isOnline, now } = dependencies;
  const startedAtMs = now();
  const situation = () => ({ choice, online: isOnline(), device: device.ability() });
  const answerHere = async (reason: DeviceReason, failure?: ServerFailure): Promise<Classified> => {
    const answer = await device.classify(picture);
    signal.throwIfAborted();
    return { on: 'device', answer, elapsedMs: now() - startedAtMs, reason, failure };
  };

  const first = where(situation());
  if (first.to === 'device') return answerHere(first.reason);
  if (first.to === 'nowhere') throw new Error('nothing has failed yet');
  try {
    // Who insists on the server would rather wait a little than be refused.
    const retries = choice === 'server' ? 2 : 0;
    const answer = await askServer(picture, { timeoutMs: first.timeoutMs, signal, retries });
    return { on: 'server', answer, elapsedMs: now() - startedAtMs };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const next = where({ ...situation(), failure: error.failure });
    if (next.to !== 'device') throw error;
    if (next.reason === 'format' && !(await canDecode(picture))) throw error;
    return await answerHere(next.reason, error.failure);
  }
}
