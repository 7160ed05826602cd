import { expect, test } from 'vitest';
import { weekStartMs } from './iso-week';

test.each([
  ['2026-W46', '2026-11-09'],
  ['2026-W01', '2025-12-29'],
  ['2027-W01', '2027-01-04'],
  ['2026-W53', '2026-12-28'],
  ['2024-W09', '2024-02-26'],
])('%s begins on %s', (week, day) => {
  expect(new Date(weekStartMs(week)!).toISOString()).toBe(`${day}T00:00:00.000Z`);
});

test.each(['2025-W53', '2026-W54', '2026-W00', '2026-W6', '2026-46', 'W46', '2026-11-09', ''])(
  '"%s" is no week',
  (text) => {
    expect(weekStartMs(text)).toBeUndefined();
  },
);
