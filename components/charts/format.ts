/** Numbers and times as the charts write them; pure functions, so that each format has a test. */
import { localDate, localDecimal, localNumber } from '@/lib/browser/locale';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A value with its unit, for tooltips and tables. */
export function formatValue(unit: string, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'share') return `${localDecimal(value * 100, 1)} %`;
  if (unit === 'ms') return `${localDecimal(value, value >= 10 ? 0 : 1)} ms`;
  return localNumber(value, { maximumFractionDigits: 2 });
}

/** A value at an axis tick, without the unit that the axis shows once. */
export function formatTick(unit: string, value: number): string {
  if (unit === 'share') return `${Math.round(value * 100)} %`;
  return localNumber(value, value >= 10_000 ? { notation: 'compact' } : {});
}

/** The unit to show at the end of an axis; empty for shares, whose ticks all have a %. */
export function axisUnit(unit: string): string {
  if (unit === 'share') return '';
  return unit === 'ms' ? 'milliseconds' : unit;
}

/** Ticks from 0 up to at least `largest`; whole numbers for counts. */
export function valueTicks(unit: string, largest: number): number[] {
  if (unit === 'share') return [0, 0.25, 0.5, 0.75, 1];
  const rough = (largest > 0 ? largest : 1) / 4;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const nice = [1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough)! * magnitude;
  const step = unit === 'ms' ? nice : Math.max(1, Math.ceil(nice));
  return Array.from({ length: Math.ceil(largest / step || 1) + 1 }, (_, i) =>
    Number((i * step).toPrecision(12)),
  );
}

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880].map(
  (minutes) => minutes * MINUTE_MS,
);

export interface TimeTicks {
  readonly stepMs: number;
  readonly atMs: readonly number[];
}

/** Ticks at whole minutes, hours or days in the visitor's time zone, at most `most` of them. */
export function timeTicks(fromMs: number, toMs: number, most: number): TimeTicks {
  const spanMs = toMs - fromMs;
  // Over several days, ticks are whole days: "00:00, 12:00" would not be useful.
  const least = spanMs > 2 * DAY_MS ? DAY_MS : 0;
  const stepMs =
    STEPS_MS.find((step) => step >= least && spanMs / step <= most) ?? Math.ceil(spanMs / most);
  const midnight = new Date(fromMs).setHours(0, 0, 0, 0);
  const first = midnight + Math.ceil((fromMs - midnight) / stepMs) * stepMs;
  const atMs: number[] = [];
  for (let at = first; at <= toMs; at += stepMs) atMs.push(at);
  return { stepMs, atMs };
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const DAY: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric' };
const MOMENT: Intl.DateTimeFormatOptions = { ...DAY, month: 'short', ...CLOCK };
const DATE: Intl.DateTimeFormatOptions = { dateStyle: 'long' };

/** The time of day; at midnight, the date. */
export function formatTimeTick(atMs: number, stepMs: number): string {
  const isMidnight = new Date(atMs).setHours(0, 0, 0, 0) === atMs;
  return localDate(atMs, stepMs >= DAY_MS || isMidnight ? DAY : CLOCK);
}

/** "Mon 23 Nov, 14:05", in the visitor's format. */
export function formatMoment(atMs: number): string {
  return localDate(atMs, MOMENT);
}

/** Name of the visitor's time zone, such as "Europe/Berlin". */
export function timeZoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function formatDate(atMs: number): string {
  return localDate(atMs, DATE);
}

/** The period that a point of a chart over time covers. */
export function bucketName(bucketMs: number): string {
  if (bucketMs === MINUTE_MS) return 'minute';
  return bucketMs === HOUR_MS ? 'hour' : 'span';
}

/** Cuts a text to at most `length` characters. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}
