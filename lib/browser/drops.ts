/** What is dropped anywhere on the page goes to whoever shows pictures there. */

export type TakeFiles = (files: readonly File[]) => void;

export interface DropTaker {
  /** What happens with it, for the overlay: "Drop to classify it". */
  readonly words: (count: number) => string;
  readonly onFiles: TakeFiles;
  /** Something was dropped that is no file and holds no picture. */
  readonly onText?: () => void;
}

let taker: DropTaker | undefined;

/** @returns how to take no more */
export function takeDrops(next: DropTaker): () => void {
  taker = next;
  return () => {
    if (taker === next) taker = undefined;
  };
}

/** The page's own; undefined where the page shows no pictures. */
export function currentTaker(): DropTaker | undefined {
  return taker;
}
