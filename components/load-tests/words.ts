import { formatPercent } from '@/lib/shared/numbers/format';

/** Milliseconds for people; a dash if nothing was measured. */
export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** A share of a whole, in percent. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : formatPercent(part / whole);
}
