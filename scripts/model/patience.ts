/** Asks a server again after a broken connection, or when the server says to come back later. */
import { setTimeout as pause } from 'node:timers/promises';
import { sentence } from './text';

/** Attempts in a row without progress. After the last, its failure is reported. */
const MOST_ATTEMPTS = 5;
/** If the server asks for a longer wait, the command ends, and the user tries again later. */
const LONGEST_WAIT_MS = 5 * 60_000;
const HOUR_MS = 60 * 60_000;

export interface Patience {
  /** Pause before the second attempt. Each further pause is twice as long. */
  readonly firstPauseMs: number;
  readonly signal: AbortSignal;
  readonly print: (text: string) => void;
}

/** A failure that a later attempt may overcome. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** The server's Retry-After in milliseconds; undefined if it sent none. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Repeats the work until it succeeds, is aborted, fails with an error other than Interrupted, or
 * has failed five times in a row without progress.
 *
 * @param received returns the number of bytes received so far; an increase is progress
 */
export async function patiently<T>(
  { firstPauseMs, signal, print }: Patience,
  run: () => Promise<T>,
  received: () => number = () => 0,
): Promise<T> {
  for (let failures = 0; ;) {
    const before = received();
    try {
      return await run();
    } catch (error) {
      failures = received() > before ? 1 : failures + 1;
      if (!(error instanceof Interrupted) || failures >= MOST_ATTEMPTS) throw error;
      const waitMs = error.retryAfterMs ?? firstPauseMs * 2 ** (failures - 1);
      if (signal.aborted) throw error;
      if (waitMs > LONGEST_WAIT_MS) throw tooLong(error, waitMs);
      print(`${sentence(error)}; trying again in ${Math.ceil(waitMs / 1000)} s`);
      await pause(waitMs, undefined, { signal });
    }
  }
}

function tooLong(cause: Interrupted, waitMs: number): Error {
  const wait =
    waitMs < 2 * HOUR_MS ? `${Math.ceil(waitMs / 60_000)} min` : `${Math.ceil(waitMs / HOUR_MS)} h`;
  return new Error(`${sentence(cause)}; it asks to be left alone for ${wait}`, { cause });
}

/**
 * @param value value of Retry-After: seconds, or a date (RFC 9110, section 10.2.3)
 * @returns undefined if it is neither
 */
export function retryAfterMs(value: string | null, nowMs = Date.now()): number | undefined {
  if (value === null) return undefined;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
