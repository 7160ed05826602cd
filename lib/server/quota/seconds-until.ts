/** Whole seconds from now, never 0 before the moment has come. */
export function secondsUntil(atMs: number): number {
  return Math.max(1, Math.ceil((atMs - Date.now()) / 1000));
}
