/** Formats numbers for people. */

/** A share (0 to 1) as a percentage with one decimal: `83.1 %`. */
export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/**
 * Formats a duration given in milliseconds: whole milliseconds from 10, one decimal below, seconds
 * from 1,000.
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds.toFixed(milliseconds >= 10 ? 0 : 1)} ms`;
}

/** Megabytes (1,000,000 bytes) with one decimal. */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Bytes, kilobytes (1,000 bytes) or megabytes (1,000,000 bytes): `13.0 kB`. */
export function formatFileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : formatMegabytes(bytes);
}
