import type { Baseline } from '@/lib/shared/model/evaluation';
import { labelStabilityIndex, LEAST_ANSWERS, stabilityIndex } from '@/lib/shared/uncertainty/drift';
import type { ModelFolder } from '../models/folder';
import type { DriftSource } from '../settings';
import { CONFIDENCE_BUCKETS, REPORTED } from './fields';
import type { Missing, Reference } from './reference';
import type { Sums } from './summary';

/** A model's answers in a window, compared with those of its evaluation or of a week. */
export interface Drift {
  /** `evaluation`, or the ISO week. */
  readonly against: string;
  /** Answers by tenth of the first label's probability. */
  readonly confidence: readonly number[];
  readonly answers: number;
  readonly baseline: Baseline;
  readonly baselineAnswers: number;
  /** Why the week's answers are missing. */
  readonly missing?: Missing;
  /** Stability indices; undefined where there are too few answers to tell. */
  readonly psi: { readonly label: number; readonly confidence: number } | undefined;
}

/**
 * @param source whose answers count: the server's alone, or what browsers reported as well
 * @returns undefined if drift is measured from the evaluation and that has no baseline
 */
export function driftOf(
  model: ModelFolder,
  sums: Sums,
  reference: Reference,
  source: DriftSource = 'server',
): Drift | undefined {
  const baseline = baselineOf(model, reference, source);
  if (!baseline) return undefined;
  const { labels, confidence } = counted(model.id, baseline, sums, source);
  const answersIn = model.head.kind === 'multi-label' ? tenths : labelled;
  const answers = answersIn({ labels, confidence });
  const baselineAnswers = answersIn(baseline);
  const psi =
    Math.min(answers, baselineAnswers) >= LEAST_ANSWERS
      ? {
          label: labelStabilityIndex(labels, baseline.labels),
          confidence: stabilityIndex(confidence, baseline.confidence),
        }
      : undefined;
  return {
    against: reference.kind === 'evaluation' ? 'evaluation' : reference.week,
    confidence,
    answers,
    baseline,
    baselineAnswers,
    ...(reference.kind === 'missing' ? { missing: reference.why } : {}),
    psi,
  };
}

function baselineOf(
  { id, labels, evaluation }: ModelFolder,
  reference: Reference,
  source: DriftSource,
): Baseline | undefined {
  if (reference.kind === 'evaluation') return evaluation?.baseline;
  const none = {
    labels: labels.map(() => 0),
    confidence: Array<number>(CONFIDENCE_BUCKETS).fill(0),
  };
  return reference.kind === 'week' ? counted(id, none, reference.sums, source) : none;
}

/** A model's counts in the bins of a baseline. */
function counted(id: string, bins: Baseline, sums: Sums, source: DriftSource): Baseline {
  const n = (field: string) => {
    const reported = source === 'all' ? (sums.get(`${REPORTED}${field}`) ?? 0) : 0;
    return (sums.get(field) ?? 0) + reported;
  };
  return {
    labels: bins.labels.map((_, i) => n(`label:${id}/${i}`)),
    confidence: bins.confidence.map((_, i) => n(`confidence-of:${id}/${i}`)),
  };
}

/** An answer may have several labels or none, and its first one's score is in one tenth. */
function tenths({ confidence }: Baseline): number {
  return total(confidence);
}

/**
 * Older counts have labels but no tenths; they are left out, because only half could be compared.
 */
function labelled({ labels, confidence }: Baseline): number {
  return Math.min(total(labels), total(confidence));
}

export function total(counts: readonly number[]): number {
  return counts.reduce((sum, n) => sum + n, 0);
}
