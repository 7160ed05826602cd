import type { Prediction } from '../../shared/vision/ranking';
import type { Frame } from './live-loop';

/** Time constant: after it, a frame has about a third (1/e) of a new frame's weight. */
const MEMORY_MS = 600;
const FORGOTTEN = 0.001;
/**
 * Share of uncertain frames at which the average becomes uncertain, and at which it stops being so.
 * The two are far apart, so that the display does not flicker.
 */
const DOUBT = { begins: 0.7, ends: 0.3 } as const;

export interface LiveFigures {
  readonly predictions: readonly Prediction[];
  /** Whether most of the recent frames were uncertain. */
  readonly uncertain: boolean;
  /** Rate of the recent frames, from answer to answer. */
  readonly framesPerSecond: number;
  /** Time from grabbing a frame to its answer. */
  readonly latencyMs: number;
}

/** Averages the frames into one ranking, so that scores change gradually. */
export class LiveAverage {
  readonly #scores = new Map<number, Prediction>();
  #lastAtMs: number | undefined;
  #intervalMs = 0;
  #latencyMs = 0;
  #doubt = 0;
  #isUncertain = false;
  readonly #threshold: number | undefined;

  /**
   * @param threshold for a multi-label model: labels with at least this averaged score are selected
   */
  constructor(threshold?: number) {
    this.#threshold = threshold;
  }

  add({ predictions, uncertain, latencyMs, atMs }: Frame): void {
    const elapsedMs = this.#lastAtMs === undefined ? undefined : atMs - this.#lastAtMs;
    const share = elapsedMs === undefined ? 1 : 1 - Math.exp(-elapsedMs / MEMORY_MS);
    const isFirstInterval = this.#intervalMs === 0;
    this.#intervalMs = mix(this.#intervalMs, elapsedMs ?? 0, isFirstInterval ? 1 : share);
    this.#latencyMs = mix(this.#latencyMs, latencyMs, share);
    this.#doubt = mix(this.#doubt, uncertain ? 1 : 0, share);
    this.#isUncertain = this.#doubt > (this.#isUncertain ? DOUBT.ends : DOUBT.begins);
    this.#lastAtMs = atMs;
    this.#fade(share);
    for (const { score, ...prediction } of predictions) {
      const { index } = prediction;
      const before = this.#scores.get(index)?.score ?? 0;
      this.#scores.set(index, { ...prediction, score: before + score * share });
    }
  }

  /** Starts the rate anew, because a pause is not a slow frame. */
  pause(): void {
    this.#lastAtMs = undefined;
    this.#intervalMs = 0;
  }

  figures(count: number): LiveFigures {
    const ranked = [...this.#scores.values()].sort((a, b) => b.score - a.score);
    return {
      predictions: ranked.slice(0, count).map((prediction) => this.#select(prediction)),
      uncertain: this.#isUncertain,
      framesPerSecond: this.#intervalMs === 0 ? 0 : 1000 / this.#intervalMs,
      latencyMs: this.#latencyMs,
    };
  }

  /**
   * Compares the averaged score, which is shown, with the threshold: the last frame's score may
   * differ.
   */
  #select(prediction: Prediction): Prediction {
    if (this.#threshold === undefined) return prediction;
    return { ...prediction, selected: prediction.score >= this.#threshold };
  }

  #fade(share: number): void {
    for (const [index, prediction] of this.#scores) {
      const score = prediction.score * (1 - share);
      if (score < FORGOTTEN) this.#scores.delete(index);
      else this.#scores.set(index, { ...prediction, score });
    }
  }
}

function mix(before: number, now: number, share: number): number {
  return before + (now - before) * share;
}
