/** Formats the command's output: columns, sizes, and errors as sentences. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { CommandError } from './command';

/** Aligns columns to their widest cells. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  }
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** The message of an error, without a stack. */
export function sentence(error: unknown): string {
  if (error instanceof z.core.$ZodError) {
    return error.issues
      .map(({ path, message }) => (path.length ? `${path.join('.')}: ${message}` : message))
      .join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

const BYTE_ORDER_MARKS: readonly (readonly [mark: string, encoding: string])[] = [
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];

/**
 * Decodes UTF-8, or UTF-16 with a byte order mark, as PowerShell writes it. Removes the mark.
 *
 * @throws CommandError if the bytes are neither, because the letters would be wrong
 */
export function decodeText(name: string, bytes: Uint8Array): string {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex');
  const encoding = BYTE_ORDER_MARKS.find(([known]) => known === mark)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CommandError(`expected ${name} to be a text in UTF-8; save it in that encoding`, {
      cause,
    });
  }
}

/** @throws CommandError if the file cannot be read, or is not text */
export async function readText(file: string): Promise<string> {
  const name = path.basename(file);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CommandError(`${name} cannot be read: ${sentence(cause)}.`, { cause });
  });
  return decodeText(name, bytes);
}

/** @throws CommandError that names the file */
export function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`expected ${name} to be JSON: ${sentence(cause)}`, { cause });
  }
}
