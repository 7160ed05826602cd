import { givenLabels } from '@/lib/shared/vision/ranking';
import type { Classified } from '../client/client';

/** What became of a visitor's opinion: it waits for the network, was taken, or was not wanted. */
export type MarkState = 'waiting' | 'sent' | 'refused';

export interface Mark {
  readonly correct: boolean;
  readonly state: MarkState;
}

/** An answer as this browser remembers it; the picture and its thumbnail lie beside it. */
export interface HistoryEntry {
  /** Grows with time. */
  readonly key: number;
  readonly atMs: number;
  readonly fileName: string;
  readonly classified: Classified;
  /** The answer of the other runtime, where it was asked for. */
  readonly again?: Classified;
  readonly mark?: Mark;
}

/** The words under which an entry is found: names of its labels, of its file, of its place. */
export function searchWords({ fileName, classified }: Omit<HistoryEntry, 'key'>): string[] {
  const labels = givenLabels(classified.answer.predictions).map(({ label }) => label);
  return [...new Set([...labels, fileName, classified.on].flatMap(splitWords))];
}

/** Letters and digits in lower case, whatever stands between them. */
export function splitWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
