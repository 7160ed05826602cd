/** Where the visitor wants pictures to be classified. */
export type RuntimeChoice = 'automatic' | 'device' | 'server';

export const RUNTIME_CHOICES: readonly RuntimeChoice[] = ['automatic', 'device', 'server'];

/** How a request to the server failed. */
export type ServerFailure =
  | { readonly kind: 'network' }
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  | {
      readonly kind: 'status';
      readonly status: number;
      /**
       * Whether the answer lacks problem details: then a proxy or a platform sent it, not our
       * server.
       */
      readonly foreign?: boolean;
    };

/**
 * Why the device answers. `again` means that a picture of the history is classified anew, to
 * compare.
 */
export type DeviceReason =
  'chosen' | 'again' | 'offline' | 'network' | 'timeout' | 'limited' | 'server-error' | 'format';

/**
 * What the device can do. `ready`: the model is loaded. `available`: the model may be loaded now.
 * `costly`: the model would have to be loaded, but the browser saves data.
 */
export type DeviceAbility = 'ready' | 'available' | 'costly';

export type Destination =
  | { readonly to: 'server'; readonly timeoutMs: number }
  | { readonly to: 'device'; readonly reason: DeviceReason }
  | { readonly to: 'nowhere' };

export interface Situation {
  readonly choice: RuntimeChoice;
  /** `navigator.onLine`: false is reliable, true is not. */
  readonly online: boolean;
  readonly device: DeviceAbility;
  /** Set when the server was asked already. */
  readonly failure?: ServerFailure;
}

export const SERVER_TIMEOUT_MS = 10_000;
/**
 * Time limit for the server if the device can answer at once. A longer wait pays only if the device
 * has to load its model first.
 */
export const SERVER_TIMEOUT_WITH_DEVICE_MS = 2_000;

/**
 * Decides where a picture is classified, at first and after the server has failed. `nowhere` means
 * that the failure is shown: the visitor insists on the server, the failure is about the picture
 * itself, or the device would use data that the visitor wants to save.
 */
export function where({ choice, online, device, failure }: Situation): Destination {
  if (choice === 'device') return { to: 'device', reason: 'chosen' };
  const timeoutMs = device === 'ready' ? SERVER_TIMEOUT_WITH_DEVICE_MS : SERVER_TIMEOUT_MS;
  if (choice === 'server')
    return failure ? { to: 'nowhere' } : { to: 'server', timeoutMs: SERVER_TIMEOUT_MS };
  if (!failure) return online ? { to: 'server', timeoutMs } : { to: 'device', reason: 'offline' };

  const reason = reasonToFallOver(failure);
  if (!reason || device === 'costly') return { to: 'nowhere' };
  return { to: 'device', reason };
}

/** Undefined for an error about the picture itself: the device would fail as well. */
function reasonToFallOver(failure: ServerFailure): DeviceReason | undefined {
  if (failure.kind !== 'status') return failure.kind;
  if (failure.status === 429) return 'limited';
  if (failure.status >= 500) return 'server-error';
  // A platform's size limit may be below ours, so the device can take the picture.
  if (failure.status === 413 && failure.foreign) return 'server-error';
  // This browser may be able to read a format that the server does not read.
  return failure.status === 415 ? 'format' : undefined;
}
