import type { Settings } from '../../lib/server/settings';

/** Options as `parseArgs` of node:util reads them, all of them strings. */
export type Options = Readonly<Record<string, string | undefined>>;

/** What a command has to work with. */
export interface Context {
  readonly settings: Settings;
  /** Writes a line for the reader. */
  readonly print: (text: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface Command {
  /** What follows the command's name, for the first line of its help. */
  readonly usage: string;
  /** In one line. */
  readonly summary: string;
  readonly help: string;
  /** Names of options it takes, each with a value. */
  readonly options: readonly string[];
  /** How many words it takes beside options. */
  readonly words: number;
  readonly run: (context: Context, words: readonly string[], options: Options) => Promise<void>;
}

/** Ends the command with exit code 1; the message is a sentence for the reader. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
