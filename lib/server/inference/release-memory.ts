/** Frees the memory of large pictures and files at once. */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Phone photos decoded to three bytes a pixel, whose decoding takes far longer than this does. */
const LARGE_BYTES = 12_000_000;

type Collect = (options?: { type: 'minor' }) => void;

let collect: Collect | undefined;

/**
 * The decoder's output is outside V8's heap, so V8 does not count it and does not collect it: an
 * idle worker would keep up to 192 MB of a picture that was answered long ago. Await this before
 * answering, because the pool's idle workers sleep without an event loop.
 *
 * @param bytes of what is no longer referenced
 */
export async function releaseBytes(bytes: number): Promise<void> {
  if (bytes < LARGE_BYTES) return;
  collect ??= exposeCollect();
  // The first one finds the buffer but sweeps it in a thread of V8's, the second waits for that;
  // then the memory itself is freed by a finalizer, in the next turn.
  collect();
  collect({ type: 'minor' });
  await setImmediate();
}

/** V8 hands its collector only to contexts made after the flag is set. */
function exposeCollect(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
