import { afterEach, describe, expect, test, vi } from 'vitest';
import { localDate, localDecimal, localNumber, localSentence, visitorLocale } from './locale';

const visitFrom = (language: string) => vi.stubGlobal('navigator', { language });

afterEach(() => void vi.unstubAllGlobals());

test.each([
  ['de', 'de'],
  ['en-US@posix', 'en'],
  ['C', 'en'],
])('the locale of a visitor with %s is %s', (language, locale) => {
  visitFrom(language);
  expect(visitorLocale()).toBe(locale);
});

describe.each([
  ['en-US', '12,345', '4.30', '2:05 PM'],
  ['de-DE', '12.345', '4,30', '14:05'],
  ['fr-FR', '12 345', '4,30', '14:05'],
  ['en-IN', '12,345', '4.30', '2:05 pm'],
])('%s', (language, number, decimal, time) => {
  test('writes numbers and times', () => {
    visitFrom(language);
    expect(plain(localNumber(12_345))).toBe(number);
    expect(localDecimal(4.3, 2)).toBe(decimal);
    const at = new Date(2026, 10, 24, 14, 5).getTime();
    expect(plain(localDate(at, { hour: 'numeric', minute: '2-digit' }))).toBe(time);
  });
});

test('a sentence of the server gets the visitor’s numbers, and keeps names', () => {
  visitFrom('de-DE');
  expect(
    localSentence('12,345 requests were answered in the last 7 days, at most 1,204 in an hour'),
  ).toBe('12.345 requests were answered in the last 7 days, at most 1.204 in an hour');
  expect(localSentence('95 % of predictions came within 9.3 ms')).toBe(
    '95 % of predictions came within 9,3 ms',
  );
  expect(localSentence('“model 1.5, 10,000 steps” was called wrong: 5,000 times')).toBe(
    '“model 1.5, 10,000 steps” was called wrong: 5.000 times',
  );
  expect(localSentence('Version 1.2.3 of 2026')).toBe('Version 1.2.3 of 2026');
});

/** Some versions of the locale data have narrow or no-break spaces. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}
