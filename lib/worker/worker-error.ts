import type { DeviceErrorCode } from './messages';

/** An error with a code that the page handles. */
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
