import { parseArgs } from 'node:util';

export const USAGE = `Usage: sightline-classify FOLDER --server URL [options] > out.csv

Classifies every picture in a folder and the folders in it, one row each.

  --server URL     the server's address
  --output FILE    writes there instead; where the file has rows already, goes on behind them
  --format NAME    csv (default) or jsonl
  --key KEY        an API key; SIGHTLINE_KEY where it is set
  --model ID       another model than the server's default one
  --top-k N        how many labels jsonl has; csv has the first
  --patience S     seconds to wait for a server that does not answer (default 600)

Ends with 0, with 1 if a picture could not be classified, and with 2 if nothing could be done.`;

export interface CliOptions {
  readonly folder: string;
  readonly server: string;
  readonly output: string | undefined;
  readonly format: 'csv' | 'jsonl';
  readonly key: string | undefined;
  readonly model: string | undefined;
  readonly topK: number | undefined;
  readonly patienceMs: number;
}

/** Something is wrong with what was asked; the message is for who asked. */
export class UsageError extends Error {}

/** @throws UsageError that says what was expected and what came */
export function readOptions(args: readonly string[], key: string | undefined): CliOptions {
  const { values, positionals } = parse(args);
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) {
    throw new UsageError(`expected one folder, received ${positionals.length}`);
  }
  const format = values.format ?? 'csv';
  if (format !== 'csv' && format !== 'jsonl') {
    throw new UsageError(`expected --format csv or jsonl, received ${format}`);
  }
  return {
    folder,
    server: readServer(values.server),
    output: values.output,
    format,
    key: values.key ?? key,
    model: values.model,
    topK: values['top-k'] === undefined ? undefined : wholeNumber('--top-k', values['top-k'], 1),
    patienceMs: wholeNumber('--patience', values.patience ?? '600', 0) * 1000,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        server: text,
        output: text,
        format: text,
        key: text,
        model: text,
        'top-k': text,
        patience: text,
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readServer(address: string | undefined): string {
  if (address !== undefined && /^https?:\/\//.test(address) && URL.canParse(address)) {
    return new URL(address).origin;
  }
  throw new UsageError(`expected --server http(s)://…, received ${address ?? 'none'}`);
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= least) return value;
  throw new UsageError(`expected ${name} to be a whole number from ${least}, received ${text}`);
}
