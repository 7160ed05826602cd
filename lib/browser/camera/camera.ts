/** The camera of this device: opening it, and why it does not open. */

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

/** More pixels would only be shrunk again for the model. */
const SIZE = { width: { ideal: 640 }, height: { ideal: 480 } } as const;

function wishesFor(cameraId: string | undefined): MediaStreamConstraints {
  const which =
    cameraId === undefined ? { facingMode: 'environment' } : { deviceId: { exact: cameraId } };
  return { audio: false, video: { ...which, ...SIZE } };
}

/** Ids of the cameras there are; browsers tell them once a camera was allowed. */
export async function listCameras(): Promise<readonly string[]> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId }) => deviceId);
}

/**
 * Asks the visitor for the camera.
 *
 * @param cameraId the one that looks away from the visitor without it
 * @throws CameraError
 */
export async function openCamera(cameraId?: string): Promise<MediaStream> {
  // Only secure pages have it, whatever the types say.
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

/** By the names of https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia */
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
