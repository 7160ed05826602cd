import { givenLabels } from '@/lib/shared/vision/ranking';
import type { Classified } from '../client/client';

/** State of a visitor's mark: waiting for the network, sent, or refused by the server. */
export type MarkState = 'waiting' | 'sent' | 'refused';

export interface Mark {
  readonly correct: boolean;
  readonly state: MarkState;
}

/** An answer in this browser's history. Its picture and thumbnail are stored separately. */
export interface HistoryEntry {
  /** Increases with each new entry. */
  readonly key: number;
  readonly atMs: number;
  readonly fileName: string;
  readonly classified: Classified;
  /** The answer of the other runtime, if the visitor asked for it. */
  readonly again?: Classified;
  readonly mark?: Mark;
}

/** The words that find an entry: of its labels, its file name and where it was classified. */
export function searchWords({ fileName, classified }: Omit<HistoryEntry, 'key'>): string[] {
  const labels = givenLabels(classified.answer.predictions).map(({ label }) => label);
  return [...new Set([...labels, fileName, classified.on].flatMap(splitWords))];
}

/** Runs of letters and digits, in lower case. */
export function splitWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
