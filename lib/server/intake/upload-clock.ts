import { ApiError } from '../http/api-error';

/** The lowest rate is checked over each period of this length. */
const PERIOD_MS = 5_000;
const LEAST_BYTES_PER_SECOND = 1024;
/** Of the rate at which a body of the declared length would just arrive in time. */
const SHARE_OF_NEEDED_RATE = 0.25;

/**
 * Checks that a body arrives completely in time, and fast enough not to occupy a place for
 * nothing. Time in which the server does not read does not count.
 */
export class UploadClock {
  /** Rejects when the body is late or too slow. */
  readonly late: Promise<never>;
  readonly #timeoutMs: number;
  readonly #leastBytes: number;
  #leftMs: number;
  #startedAtMs = 0;
  #receivedBytes = 0;
  #fail!: (error: ApiError) => void;
  #deadline: NodeJS.Timeout | undefined;
  #period: NodeJS.Timeout | undefined;

  /** @param declaredBytes of the body; 0 if not declared */
  constructor(timeoutMs: number, declaredBytes: number) {
    this.#timeoutMs = timeoutMs;
    this.#leftMs = timeoutMs;
    const neededRate = (declaredBytes / timeoutMs) * 1000 * SHARE_OF_NEEDED_RATE;
    this.#leastBytes = (Math.max(LEAST_BYTES_PER_SECOND, neededRate) * PERIOD_MS) / 1000;
    this.late = new Promise((_, reject) => (this.#fail = reject));
    this.late.catch(() => undefined);
    this.resume();
  }

  received(bytes: number): void {
    this.#receivedBytes += bytes;
  }

  resume(): void {
    this.#startedAtMs = performance.now();
    this.#receivedBytes = 0;
    this.#deadline = setTimeout(() => this.#fail(this.#lateError()), this.#leftMs);
    this.#period = setInterval(() => this.#checkRate(), PERIOD_MS);
  }

  pause(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#period);
    this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - this.#startedAtMs));
  }

  #checkRate(): void {
    if (this.#receivedBytes < this.#leastBytes) this.#fail(this.#slowError());
    this.#receivedBytes = 0;
  }

  #lateError(): ApiError {
    return new ApiError(
      'upload-timeout',
      `The body was not complete after ${this.#timeoutMs} ms.`,
      { expected: `the whole body within ${this.#timeoutMs} ms` },
    );
  }

  #slowError(): ApiError {
    const seconds = PERIOD_MS / 1000;
    return new ApiError('upload-timeout', 'The body came too slowly.', {
      expected: `at least ${Math.ceil(this.#leastBytes)} bytes in ${seconds} s`,
      received: `${this.#receivedBytes} bytes in ${seconds} s`,
    });
  }
}
