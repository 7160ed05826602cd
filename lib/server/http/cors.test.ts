import { describe, expect, test } from 'vitest';
import { allowOrigin, optionsResponse } from './cors';

const OURS = 'https://a.example';
const from = (origin?: string) =>
  new Request('http://host/api/thing', origin ? { headers: { Origin: origin } } : {});
const allowed = (response: Response) => response.headers.get('access-control-allow-origin');

describe('a page of another origin', () => {
  test('reads an answer where its origin is named, and where any is', () => {
    const named = allowOrigin(from(OURS), new Response(), [OURS]);
    expect(allowed(named)).toBe(OURS);
    expect(named.headers.get('vary')).toBe('Origin');
    expect(named.headers.get('access-control-expose-headers')).toContain('RateLimit');
    expect(allowed(allowOrigin(from(OURS), new Response(), ['*']))).toBe('*');
  });

  test('does not where it is another, or where the setting is empty', () => {
    const other = allowOrigin(from('https://b.example'), new Response(), [OURS]);
    expect(allowed(other)).toBeNull();
    // A cache must not give this answer to one that is allowed.
    expect(other.headers.get('vary')).toBe('Origin');
    expect(allowed(allowOrigin(from(OURS), new Response(), []))).toBeNull();
  });

  test('finds the names in Vary that were there', () => {
    const response = new Response(null, { headers: { Vary: 'Accept-Encoding' } });
    expect(allowOrigin(from(OURS), response, [OURS]).headers.get('vary')).toBe(
      'Accept-Encoding, Origin',
    );
  });
});

test('a preflight is told methods and headers only where its origin is allowed', () => {
  const answer = (origins: string[]) => optionsResponse(from(OURS), ['POST', 'OPTIONS'], origins);
  const { headers } = answer([OURS]);
  expect(headers.get('access-control-allow-methods')).toBe('POST, OPTIONS');
  expect(headers.get('access-control-allow-headers')).toContain('X-Api-Key');
  expect(answer([]).headers.has('access-control-allow-methods')).toBe(false);
  expect(answer([]).headers.get('allow')).toBe('POST, OPTIONS');
});
