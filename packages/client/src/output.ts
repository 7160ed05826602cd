import { once } from 'node:events';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { cellOf, FORMATS, wholeRows, type Format, type Row } from './rows';

export interface Output {
  /** Whether an earlier run has written about it. */
  readonly has: (file: string) => boolean;
  readonly write: (rows: readonly Row[]) => Promise<void>;
}

/** Rows to the standard output, where nobody can look what was written before. */
export async function openStandardOutput(name: keyof typeof FORMATS): Promise<Output> {
  const format = FORMATS[name];
  await print(format.head);
  return { has: () => false, write: (rows) => print(rows.map(format.write).join('')) };
}

async function print(text: string): Promise<void> {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
}

/**
 * Rows to a file, behind those that it has; half a row at its end is cut off.
 *
 * @throws Error if it cannot be read or written, or was written in another format
 */
export async function openFile(file: string, name: keyof typeof FORMATS): Promise<Output> {
  const format = FORMATS[name];
  const written = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const whole =
    name === 'csv' ? wholeRows(written) : written.slice(0, written.lastIndexOf('\n') + 1);
  if (!whole.startsWith(format.head) && whole !== '') {
    throw new Error(`expected ${file} to begin with ${format.head.trim()}`);
  }
  const done = readDone(file, format, whole.slice(format.head.length));
  if (whole === '') await writeFile(file, format.head);
  else if (whole.length < written.length) await truncate(file, Buffer.byteLength(whole));
  return {
    has: (picture) => done.has(name === 'csv' ? cellOf(picture) : picture),
    write: (rows) => appendFile(file, rows.map(format.write).join('')),
  };
}

function readDone(file: string, format: Format, rows: string): Set<string> {
  try {
    return new Set(format.read(rows));
  } catch (cause) {
    throw new Error(`expected rows of an earlier run in ${file}`, { cause });
  }
}
