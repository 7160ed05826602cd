import { describe, expect, test } from 'vitest';
import { retryAfterMs } from './patience';
import { decodeText } from './text';

describe('decodeText', () => {
  test.each<[string, Buffer]>([
    ['UTF-8', Buffer.from('Café\r\n')],
    ['UTF-8 with a mark', Buffer.from('\uFEFFCafé\r\n')],
    ['UTF-16, as PowerShell writes it', Buffer.from('\uFEFFCafé\r\n', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\uFEFFCafé\r\n', 'utf16le').swap16()],
  ])('reads %s', (_, bytes) => {
    expect(decodeText('labels.txt', bytes)).toBe('Café\r\n');
  });

  test('refuses another encoding, whose letters would be wrong', () => {
    expect(() => decodeText('labels.txt', Buffer.from('Café', 'latin1'))).toThrow(
      'expected labels.txt to be a text in UTF-8; save it in that encoding',
    );
  });
});

test.each([
  ['120', 120_000],
  ['Fri, 27 Nov 2026 10:00:30 GMT', 30_000],
  ['Fri, 27 Nov 2026 09:00:00 GMT', 0],
  ['soon', undefined],
  [null, undefined],
])('Retry-After %j is %j ms', (value, ms) => {
  expect(retryAfterMs(value, Date.parse('2026-11-27T10:00:00Z'))).toBe(ms);
});
