/** Does work when the answer has left, before the platform may freeze the process. */
export type After = (work: () => Promise<void>) => void;

// Handed over once, and asked for by every bundle of a route: only globalThis is one per process.
const AFTER_KEY = Symbol.for('sightline.after');
type AfterHolder = { [AFTER_KEY]?: After };

/** Next's own `after`, which knows how each platform is told to wait. */
export function provideAfter(after: After): void {
  (globalThis as AfterHolder)[AFTER_KEY] = after;
}

/** To be called while a request is handled; without Next, as in tests of parts, nothing is done. */
export function afterAnswer(work: () => Promise<void>): void {
  (globalThis as AfterHolder)[AFTER_KEY]?.(work);
}
