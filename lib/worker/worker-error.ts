import type { DeviceErrorCode } from './messages';

/** An error whose code the page understands. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';

  constructor(
    readonly code: DeviceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
