import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  axisUnit,
  formatMoment,
  formatTick,
  formatTimeTick,
  formatValue,
  shorten,
  timeTicks,
  valueTicks,
} from './format';

const HOUR_MS = 3_600_000;

const visitFrom = (language: string) => void vi.stubGlobal('navigator', { language });

afterAll(() => void vi.unstubAllGlobals());

describe('values', () => {
  beforeAll(() => visitFrom('en-US'));

  test.each([
    ['share', 0.4567, '45.7 %'],
    ['ms', 4.25, '4.3 ms'],
    ['ms', 18.4, '18 ms'],
    ['pictures', 12_345, '12,345'],
    ['pictures', null, '–'],
  ])('%s %s reads %s', (unit, value, text) => {
    expect(formatValue(unit, value)).toBe(text);
  });

  test.each([
    ['share', 0.25, '25 %'],
    ['requests', 2500, '2,500'],
    ['requests', 60_000, '60K'],
  ])('beside an axis %s %s reads %s', (unit, value, text) => {
    expect(formatTick(unit, value)).toBe(text);
  });

  test('the axis names the unit once, shares in every tick', () => {
    expect(['ms', 'share', 'requests an hour'].map(axisUnit)).toEqual([
      'milliseconds',
      '',
      'requests an hour',
    ]);
  });
});

describe('ticks of values', () => {
  test.each([
    ['requests', 0, [0, 1]],
    ['requests', 1, [0, 1]],
    ['requests', 3, [0, 1, 2, 3]],
    ['requests', 2710, [0, 1000, 2000, 3000]],
    ['ms', 0.9, [0, 0.25, 0.5, 0.75, 1]],
    ['ms', 285, [0, 100, 200, 300]],
    ['share', 0.01, [0, 0.25, 0.5, 0.75, 1]],
  ])('%s up to %d', (unit, largest, ticks) => {
    expect(valueTicks(unit, largest)).toEqual(ticks);
  });
});

describe('ticks of time', () => {
  beforeAll(() => visitFrom('en-GB'));

  const midnight = new Date(2026, 10, 24).getTime();

  test('are whole minutes and hours of the visitor’s clock', () => {
    const { stepMs, atMs } = timeTicks(midnight + 13.2 * HOUR_MS, midnight + 14.2 * HOUR_MS, 7);
    expect(stepMs).toBe(10 * 60_000);
    expect(atMs.map((at) => formatTimeTick(at, stepMs))).toEqual([
      '13:20',
      '13:30',
      '13:40',
      '13:50',
      '14:00',
      '14:10',
    ]);
  });

  test('are days in a week, however much room there is', () => {
    const { stepMs, atMs } = timeTicks(midnight, midnight + 167 * HOUR_MS, 40);
    expect(stepMs).toBe(24 * HOUR_MS);
    expect(atMs).toHaveLength(7);
    expect(formatTimeTick(midnight, stepMs)).toBe('Tue 24');
  });

  test('say the day where one begins', () => {
    expect(formatTimeTick(midnight, 4 * HOUR_MS)).toBe('Tue 24');
    expect(formatTimeTick(midnight + 4 * HOUR_MS, 4 * HOUR_MS)).toBe('04:00');
  });
});

test('a visitor from elsewhere reads numbers and days as at home', () => {
  visitFrom('de-DE');
  expect(formatValue('share', 0.4567)).toBe('45,7 %');
  expect(formatValue('ms', 4.25)).toBe('4,3 ms');
  expect(formatTick('requests', 2500)).toBe('2.500');
  expect(formatMoment(new Date(2026, 10, 24, 14, 5).getTime())).toBe('Di., 24. Nov., 14:05');
});

test('long names are shortened', () => {
  expect([shorten('tabby', 8), shorten('Labrador retriever', 10)]).toEqual(['tabby', 'Labrador…']);
});
