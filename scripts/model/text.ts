/** How the command writes: columns, sizes, and mistakes as sentences. */
import * as z from 'zod';

/** Columns as wide as their widest cell. */
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

/** What went wrong, without a stack. */
export function sentence(error: unknown): string {
  if (error instanceof z.core.$ZodError) {
    return error.issues
      .map(({ path, message }) => (path.length ? `${path.join('.')}: ${message}` : message))
      .join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
