import { describe, expect, test } from 'vitest';
import { siteAddress } from './site-address';

const addressOf = (headers: Record<string, string>) => siteAddress(new Headers(headers))?.href;

describe('the address of the site', () => {
  test.each([
    [{ host: 'sightline.example' }, 'http://sightline.example/'],
    [{ host: 'localhost:3000' }, 'http://localhost:3000/'],
    [{ host: '[::1]:3000' }, 'http://[::1]:3000/'],
    [{ host: 'a.example', 'x-forwarded-proto': 'https' }, 'https://a.example/'],
    [{ host: 'a.example', 'x-forwarded-proto': 'http, https' }, 'https://a.example/'],
    [{ host: 'a.example', 'x-forwarded-proto': 'javascript' }, 'http://a.example/'],
  ])('of %j is %s', (headers, expected) => {
    expect(addressOf(headers)).toBe(expected);
  });

  test('is not what a client says that a proxy said', () => {
    const headers = { host: 'a.example', 'x-forwarded-host': 'evil.example' };
    expect(addressOf(headers)).toBe('http://a.example/');
  });

  test.each(['', 'a.example/path', 'user@evil.example', 'a.example?x', 'a b', 'a:99999999', '-a'])(
    'is unknown where Host is "%s"',
    (host) => {
      expect(addressOf({ host })).toBeUndefined();
    },
  );
});
