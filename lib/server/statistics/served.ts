/** What this process has predicted since it started. */
export class Served {
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
