import { LRUCache } from 'lru-cache';
import { ApiError } from '../http/api-error';
import { failureError } from './failure-error';
import type { WorkerFailure } from './workers';

const MOST_PICTURES = 1_000;
const REMEMBERED_MS = 10 * 60_000;
/** A single crash can have another cause than the picture; two are unlikely to. */
const CRASHES = 2;

interface Offence {
  readonly crashes: number;
  readonly last: WorkerFailure;
}

/** Hashes of pictures that ended a worker. For ten minutes these pictures are refused. */
export class Offenders {
  readonly #offences = new LRUCache<string, Offence>({ max: MOST_PICTURES, ttl: REMEMBERED_MS });

  add(sha256: string, failure: WorkerFailure): void {
    const crashes = this.#offences.get(sha256)?.crashes ?? 0;
    this.#offences.set(sha256, {
      crashes: crashes + (failure.reason === 'crash' ? 1 : 0),
      last: failure,
    });
  }

  /**
   * @throws ApiError `undecodable-image` for a picture that ended workers in the last ten minutes
   */
  assertInnocent(sha256: string | undefined): void {
    const offence = sha256 === undefined ? undefined : this.#offences.get(sha256);
    if (!offence) return;
    if (offence.last.reason !== 'crash') throw failureError(offence.last, 'classify');
    if (offence.crashes < CRASHES) return;
    throw new ApiError('undecodable-image', 'The decoder crashed on this picture twice.', {
      expected: 'a picture that can be decoded',
      received: `${offence.crashes} crashes`,
    });
  }
}
