/** Weeks as ISO 8601 numbers them, in UTC: they begin on Monday, and week 1 has 4 January in it. */

const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;

/** @returns when "2026-W46" begins, or undefined of what is no week */
export function weekStartMs(text: string): number | undefined {
  const [, year, week] = /^(\d{4})-W(\d\d)$/.exec(text) ?? [];
  if (year === undefined || week === undefined) return undefined;
  const startMs = firstMondayMs(Number(year)) + (Number(week) - 1) * WEEK_MS;
  const isOfYear = Number(week) >= 1 && startMs < firstMondayMs(Number(year) + 1);
  return isOfYear ? startMs : undefined;
}

function firstMondayMs(year: number): number {
  const inWeekOne = new Date(Date.UTC(year, 0, 4));
  const daysSinceMonday = (inWeekOne.getUTCDay() + 6) % 7;
  return inWeekOne.getTime() - daysSinceMonday * DAY_MS;
}
