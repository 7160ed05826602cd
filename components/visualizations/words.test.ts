import { describe, expect, test } from 'vitest';
import { paperText, updatedText } from './words';

describe('how old figures are', () => {
  test.each([
    [0, 'updated just now'],
    [40_000, 'updated 40 s ago'],
    [300_000, 'updated 5 minutes ago'],
    [3 * 3_600_000, 'updated 3 hours ago'],
    [3 * 86_400_000, 'updated 3 days ago'],
  ])('%d ms: “%s”', (ageMs, expected) => {
    expect(updatedText(ageMs)).toBe(expected);
  });
});

test('the printed page names its window, model and host', () => {
  const answer = {
    window: '24h',
    from: '2026-11-23T12:00:00.000Z',
    to: '2026-11-24T12:00:00.000Z',
    charts: [],
  } as const;
  const sheet = { model: 'tiny', isPast: false, host: 'sightline.example' };
  expect(paperText({ ...answer, charts: [] }, sheet)).toContain('tiny on sightline.example');
  const unnamed = { ...sheet, model: undefined };
  expect(paperText({ ...answer, charts: [] }, unnamed)).toMatch(/^The last 24 hours, /);
  expect(paperText({ ...answer, charts: [] }, unnamed)).toContain('the default model on');
  const past = { ...sheet, isPast: true };
  expect(paperText({ ...answer, charts: [] }, past)).toMatch(/^24 hours, /);
});
