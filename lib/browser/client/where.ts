/** What the visitor chose. */
export type RuntimeChoice = 'automatic' | 'device' | 'server';

export const RUNTIME_CHOICES: readonly RuntimeChoice[] = ['automatic', 'device', 'server'];

/** How a request to the server failed. */
export type ServerFailure =
  | { readonly kind: 'network' }
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  | {
      readonly kind: 'status';
      readonly status: number;
      /** The answer has no problem details: a proxy or a platform gave it, not our server. */
      readonly foreign?: boolean;
    };

/** Why the device answers; `again` is a picture of the history, to compare. */
export type DeviceReason =
  'chosen' | 'again' | 'offline' | 'network' | 'timeout' | 'limited' | 'server-error' | 'format';

/**
 * What the device can do: `ready` has its model, `available` may load it now, `costly` would have to
 * load it although the browser saves data.
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
/** Waiting longer pays only while the device would have to load its model first. */
export const SERVER_TIMEOUT_WITH_DEVICE_MS = 2_000;

/**
 * Decides where a picture is classified, first and after the server failed. `nowhere` means that
 * the failure is shown: the visitor insists on the server, it said something about the picture
 * itself, or the device would cost data that the visitor saves.
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

/** Undefined for an error about the picture itself: the device would give the same. */
function reasonToFallOver(failure: ServerFailure): DeviceReason | undefined {
  if (failure.kind !== 'status') return failure.kind;
  if (failure.status === 429) return 'limited';
  if (failure.status >= 500) return 'server-error';
  // A platform's limit may be smaller than our own: the picture is fine for the device.
  if (failure.status === 413 && failure.foreign) return 'server-error';
  // This browser may read a format that the server does not.
  return failure.status === 415 ? 'format' : undefined;
}
