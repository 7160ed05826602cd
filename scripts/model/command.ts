import type { Settings } from '../../lib/server/settings';

/** Options as `parseArgs` of node:util returns them, all strings. */
export type Options = Readonly<Record<string, string | undefined>>;

/** What every command gets. */
export interface Context {
  readonly settings: Settings;
  /** Prints a line for the user. */
  readonly print: (text: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface Command {
  /** The arguments after the command's name, for the first line of its help. */
  readonly usage: string;
  /** One line about the command. */
  readonly summary: string;
  readonly help: string;
  /** Names of the options that the command accepts, each with a value. */
  readonly options: readonly string[];
  /** Number of positional arguments. */
  readonly words: number;
  readonly run: (context: Context, words: readonly string[], options: Options) => Promise<void>;
}

/** Ends the command with exit code 1. The message is shown to the user. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
