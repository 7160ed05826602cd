import { expect, test } from 'vitest';
import { withoutEmptyKeys } from './empty-keys';

test('an empty key is left out, and the script reads an empty text in its place', () => {
  const script = 'local a = KEYS[1] local b = KEYS[2] if b ~= "" then return KEYS[3] end';
  expect(withoutEmptyKeys(['eval', script, 3, 'one', '', 'three', 'argument', ''])).toEqual([
    'eval',
    'local a = KEYS[1] local b = "" if b ~= "" then return KEYS[2] end',
    2,
    'one',
    'three',
    'argument',
    '',
  ]);
});

test.each([
  [['get', '']],
  [['set', 'key', '']],
  [['eval', 'return KEYS[1]', 1, 'key', '']],
  [['evalsha', 'hash', 1, 'key', '']],
] as [[string, ...(string | number)[]]][])('%j stays as it is', (command) => {
  expect(withoutEmptyKeys(command)).toBe(command);
});

test('a script called by its hash is asked for as text', () => {
  expect(() => withoutEmptyKeys(['evalsha', 'hash', 2, 'key', ''])).toThrow('NOSCRIPT');
});
