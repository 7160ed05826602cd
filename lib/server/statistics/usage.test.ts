import { expect, test } from 'vitest';
import { usageByDay, usageFields, usageOf } from './usage';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

function hour(startMs: number, fields: readonly string[]) {
  const counts: Record<string, number> = {};
  for (const field of fields) counts[field] = (counts[field] ?? 0) + 1;
  return { resolution: 'hour' as const, startMs, counts };
}

const ONE = { status: 200, cost: 1, details: ['n:predictions', 'n:images', 'model:m'] };
const BATCH = { status: 200, cost: 1, details: ['n:batches', 'n:images', 'n:images', 'n:images'] };

test('a request is counted as what it was', () => {
  expect(usageOf(ONE)).toEqual({ predictions: 1, pictures: 1, refused: 0, cost: 1 });
  expect(usageOf(BATCH)).toEqual({ predictions: 1, pictures: 3, refused: 0, cost: 1 });
  const refused = { status: 429, cost: 0, details: [] };
  expect(usageOf(refused)).toEqual({ predictions: 0, pictures: 0, refused: 1, cost: 0 });
});

test('hours add up to days, and keys stay apart', () => {
  const explained = usageFields('a', usageOf({ ...ONE, cost: 5 }));
  const batch = usageFields('b', usageOf(BATCH));
  const hours = [
    hour(0, ['n:requests', ...explained, ...batch]),
    hour(23 * HOUR_MS, explained),
    hour(DAY_MS, batch),
    hour(2 * DAY_MS, ['n:requests', 'key-unknown:a']),
  ];
  expect(usageByDay(hours)).toEqual([
    { day: '1970-01-01', keyId: 'a', predictions: 2, pictures: 2, refused: 0, cost: 10 },
    { day: '1970-01-01', keyId: 'b', predictions: 1, pictures: 3, refused: 0, cost: 1 },
    { day: '1970-01-02', keyId: 'b', predictions: 1, pictures: 3, refused: 0, cost: 1 },
  ]);
});
