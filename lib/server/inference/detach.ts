import type { NamedTensor } from '@/lib/shared/model/graph-model';
import type { WorkerResult } from './task';

/**
 * Values that came from another process are views of the message they came in, up to 64 KiB: what
 * is kept in a cache must not keep that alive.
 */
export function detachResult(result: WorkerResult): WorkerResult {
  if ('outputs' in result) return { ...result, outputs: result.outputs.map(detachTensor) };
  if (!('logits' in result)) return result;
  return { ...result, logits: result.logits.slice(), extra: result.extra.map(detachTensor) };
}

function detachTensor(tensor: NamedTensor): NamedTensor {
  return { ...tensor, data: tensor.data.slice() };
}
