/** Counts the predictions of this process since it started. */
export class PredictionCounter {
  #total = 0;
  #lastAt: Date | undefined;

  get total(): number {
    return this.#total;
  }

  get lastAt(): Date | undefined {
    return this.#lastAt;
  }

  count(at: Date): void {
    this.#total++;
    this.#lastAt = at;
  }
}
