import { describe, expect, test } from 'vitest';
import { assertFewValues, readJson } from './json';

const bytes = (text: string) => new TextEncoder().encode(text);
const LIMITS = { maxBytes: 32 * 1024 ** 2, timeoutMs: 5_000 };

const readText = (text: string) =>
  readJson(new Request('http://localhost/', { method: 'POST', body: text }), LIMITS);

describe('JSON with more values than anybody needs', () => {
  test.each([
    ['in a list', `[${'0,'.repeat(20_000)}0]`],
    ['nested', '['.repeat(20_001)],
    ['in objects', `[${'{'.repeat(20_000)}`],
  ])('is refused before it is parsed, %s', async (_, text) => {
    await expect(readText(text)).rejects.toMatchObject({
      type: 'invalid-request',
      expected: 'at most 20000 values',
    });
  });

  test('begins above the limit', () => {
    expect(() => assertFewValues(bytes('[0,0]'), 2)).not.toThrow();
    expect(() => assertFewValues(bytes('[0,0,0]'), 2)).toThrow('too many values');
  });
});

test('a large picture in base64 is few values', async () => {
  const image = 'A'.repeat(20_000_000);
  expect(await readText(JSON.stringify({ image }))).toEqual({ image });
});
