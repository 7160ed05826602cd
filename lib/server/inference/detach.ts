import type { NamedTensor } from '@/lib/shared/model/graph-model';
import type { WorkerResult } from './task';

/**
 * Copies values that are views of a message from another process (up to 64 KiB), so that a cached
 * result does not keep the whole message in memory.
 */
export function detachResult(result: WorkerResult): WorkerResult {
  if ('outputs' in result) return { ...result, outputs: result.outputs.map(detachTensor) };
  if (!('logits' in result)) return result;
  return { ...result, logits: result.logits.slice(), extra: result.extra.map(detachTensor) };
}

function detachTensor(tensor: NamedTensor): NamedTensor {
  return { ...tensor, data: tensor.data.slice() };
}
