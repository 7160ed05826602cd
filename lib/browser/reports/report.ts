import type { Classified } from '../client/client';
import type { ReportChoice } from '../preferences';
import { selectedOf } from '@/lib/shared/vision/ranking';
import type { Report } from './queue';

/** The report of an answer; undefined if the visitor's choice excludes it. */
export function toReport(
  classified: Classified,
  choice: ReportChoice,
  at: Date,
): Report | undefined {
  if (classified.on === 'server' || choice === 'none') return undefined;
  // A visitor who chose the device also chose that the server learns nothing.
  if (choice === 'fall-overs' && classified.reason === 'chosen') return undefined;
  const { answer, reason, elapsedMs } = classified;
  const [first] = answer.predictions;
  if (!first) return undefined;
  const selected = selectedOf(answer.predictions);
  return {
    id: answer.id,
    model: answer.model.id,
    version: answer.model.version,
    label: first.label,
    index: first.index,
    score: first.score,
    ...(selected ? { selected } : {}),
    uncertain: answer.uncertain,
    latencyMs: elapsedMs,
    backend: answer.backend,
    at: at.toISOString(),
    reason,
  };
}
