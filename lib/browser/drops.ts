/** Passes files that are dropped anywhere on the page to the component that shows pictures. */

export type TakeFiles = (files: readonly File[]) => void;

export interface DropTaker {
  /** The text of the overlay, such as "Drop to classify it". */
  readonly words: (count: number) => string;
  readonly onFiles: TakeFiles;
  /** Called if the dropped data has no file and no picture. */
  readonly onText?: () => void;
}

let taker: DropTaker | undefined;

/** @returns a function that stops taking drops */
export function takeDrops(next: DropTaker): () => void {
  taker = next;
  return () => {
    if (taker === next) taker = undefined;
  };
}

/** The current taker; undefined if the page shows no pictures. */
export function currentTaker(): DropTaker | undefined {
  return taker;
}
