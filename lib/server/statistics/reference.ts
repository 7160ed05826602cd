import { StoreUnavailableError, type StoreGuard } from '../store/guard';
import { RESOLUTIONS, type Counts } from '../store/port';
import { REPORTED, valueOf } from './fields';
import type { History } from './history';
import { WEEK_MS, weekStartMs } from '../iso-week';
import { sumCounts } from './recorder';
import type { Sums } from './summary';

/** The baseline of drift: the evaluation's answers, or those of a week. */
export type Reference =
  | { readonly kind: 'evaluation' }
  | { readonly kind: 'week'; readonly week: string; readonly sums: Sums }
  | { readonly kind: 'missing'; readonly week: string; readonly why: Missing };

/** Why a week's answers are missing. */
export type Missing = 'not-over' | 'forgotten' | 'store-unavailable';

/** By then replicas have sent the counts that waited while the store was unavailable. */
const COMPLETE_AFTER_MS = 3_600_000;
const HOURS = WEEK_MS / RESOLUTIONS.hour.bucketMs;

/**
 * What drift is measured from. A week's counts are frozen in the store when they are first read, so
 * that they stay when the statistics of that time are forgotten.
 */
export class DriftReference {
  readonly #chosen: string;
  readonly #guard: StoreGuard;
  readonly #history: History;
  readonly #now: () => number;
  #frozen: Sums | undefined;

  /** @param chosen `evaluation`, or an ISO week */
  constructor(chosen: string, guard: StoreGuard, history: History, now: () => number = Date.now) {
    this.#chosen = chosen;
    this.#guard = guard;
    this.#history = history;
    this.#now = now;
  }

  /** Never rejects; while the store is unavailable the week is missing. */
  async read(): Promise<Reference> {
    const week = this.#chosen;
    const startMs = weekStartMs(week);
    if (startMs === undefined) return { kind: 'evaluation' };
    if (startMs + WEEK_MS > this.#now()) return { kind: 'missing', week, why: 'not-over' };
    try {
      const sums = (this.#frozen ??= await this.#readFrozen()) ?? (await this.#count(startMs));
      return sums ? { kind: 'week', week, sums } : { kind: 'missing', week, why: 'forgotten' };
    } catch (error) {
      if (!StoreUnavailableError.is(error)) throw error;
      return { kind: 'missing', week, why: 'store-unavailable' };
    }
  }

  async #readFrozen(): Promise<Sums | undefined> {
    const counts = await this.#guard.read((store) => store.frozenCounts(this.#name));
    return counts && sumCounts([{ counts }]);
  }

  /** @returns undefined if counts of the week may have been deleted already */
  async #count(startMs: number): Promise<Sums | undefined> {
    if (startMs < this.#now() - RESOLUTIONS.hour.keptMs) return undefined;
    const { buckets, isPartial } = await this.#history.read('hour', startMs, HOURS);
    if (isPartial) throw new StoreUnavailableError('The store did not give the whole week.');
    const sums = sumCounts(buckets.map(({ counts }) => ({ counts: answersOf(counts) })));
    const isComplete = startMs + WEEK_MS + COMPLETE_AFTER_MS <= this.#now();
    if (!isComplete || sums.size === 0) return sums;
    const counts = Object.fromEntries(sums);
    const frozen = await this.#guard.run((store) => store.freezeCounts(this.#name, counts));
    return (this.#frozen = sumCounts([{ counts: frozen }]));
  }

  get #name(): string {
    return `drift:${this.#chosen}`;
  }
}

const ANSWER_FIELDS = ['label', 'confidence-of'].flatMap((name) => [name, `${REPORTED}${name}`]);

/** Counts of labels and confidence, of all models. */
function answersOf(counts: Counts): Counts {
  return Object.fromEntries(
    Object.entries(counts).filter(([field]) =>
      ANSWER_FIELDS.some((name) => valueOf(field, name) !== undefined),
    ),
  );
}
