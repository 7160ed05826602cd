/** The page asks before it downloads a larger model, which could take minutes and mobile data. */
export const LARGE_MODEL_BYTES = 50_000_000;

/**
 * Asks the visitor before a large model is loaded. A model that was allowed is not asked about
 * again.
 */
export class Consent {
  readonly #allowed = new Set<string>();
  #answer: ((isAllowed: boolean | undefined) => void) | undefined;

  /** @param model identifies the model, for example the URL of its file */
  isNeeded(model: string, bytes: number): boolean {
    return bytes > LARGE_MODEL_BYTES && !this.#allowed.has(model);
  }

  /** @returns whether the model may be loaded; undefined if the question was withdrawn */
  async ask(model: string): Promise<boolean | undefined> {
    this.withdraw();
    const isAllowed = await new Promise<boolean | undefined>((resolve) => (this.#answer = resolve));
    if (isAllowed) this.#allowed.add(model);
    return isAllowed;
  }

  /** Answers the open question, if there is one. */
  give(isAllowed: boolean): void {
    this.#end(isAllowed);
  }

  /** Withdraws the question, because the model is no longer needed. */
  withdraw(): void {
    this.#end(undefined);
  }

  #end(isAllowed: boolean | undefined): void {
    this.#answer?.(isAllowed);
    this.#answer = undefined;
  }
}
