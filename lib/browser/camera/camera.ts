/** Opens the camera of this device, and explains why it does not open. */

export type CameraProblem = 'insecure' | 'denied' | 'absent' | 'busy' | 'unknown';

export class CameraError extends Error {
  override readonly name = 'CameraError';

  constructor(
    readonly problem: CameraProblem,
    options?: ErrorOptions,
  ) {
    super(`The camera does not open: ${problem}.`, options);
  }
}

/** The model would shrink a larger frame anyway. */
const SIZE = { width: { ideal: 640 }, height: { ideal: 480 } } as const;

function wishesFor(cameraId: string | undefined): MediaStreamConstraints {
  const which =
    cameraId === undefined ? { facingMode: 'environment' } : { deviceId: { exact: cameraId } };
  return { audio: false, video: { ...which, ...SIZE } };
}

/** Ids of the cameras. Browsers list them only after the visitor has allowed one. */
export async function listCameras(): Promise<readonly string[]> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId }) => deviceId);
}

/**
 * Opens a camera; the browser asks the visitor for permission.
 *
 * @param cameraId default: the camera that faces away from the visitor
 * @throws CameraError
 */
export async function openCamera(cameraId?: string): Promise<MediaStream> {
  // Insecure pages have no `mediaDevices`, although the types say otherwise.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new CameraError('insecure');
  try {
    return await devices.getUserMedia(wishesFor(cameraId));
  } catch (error) {
    throw new CameraError(problemOf((error as Error).name), { cause: error });
  }
}

export function closeCamera(stream: MediaStream): void {
  stream.getTracks().forEach((track) => track.stop());
}

/**
 * Problem for an error name of
 * https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia
 */
export function problemOf(name: string): CameraProblem {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'absent';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'unknown';
  }
}
