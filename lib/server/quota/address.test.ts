import { describe, expect, test } from 'vitest';
import { clientAddress, normalizeAddress, withLastHop } from './address';

const address = (forwardedFor: string, trustedProxies: number) =>
  clientAddress(new Headers({ 'x-forwarded-for': forwardedFor }), trustedProxies);

describe('clientAddress', () => {
  test.each([
    // The rightmost is the socket's own.
    ['10.0.0.1', 0, '10.0.0.1'],
    ['6.6.6.6, 10.0.0.1', 0, '10.0.0.1'],
    ['6.6.6.6, 203.0.113.9, 10.0.0.1', 1, '203.0.113.9'],
    ['203.0.113.9, 10.0.0.2, 10.0.0.1', 2, '203.0.113.9'],
    // Fewer hops than proxies: the leftmost there is.
    ['10.0.0.1', 2, '10.0.0.1'],
  ])('of "%s" behind %d proxies is %s', (forwardedFor, proxies, expected) => {
    expect(address(forwardedFor, proxies)).toBe(expected);
  });
});

describe('normalizeAddress', () => {
  test.each([
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['nonsense', 'unknown'],
    ['', 'unknown'],
  ])('makes %s %s', (text, expected) => {
    expect(normalizeAddress(text)).toBe(expected);
  });
});

test('the socket’s own address is the last hop, whatever the client wrote before it', () => {
  const sent = new Headers({ 'X-Forwarded-For': '6.6.6.6', 'X-Other': 'kept' });
  const headers = withLastHop(sent, '10.0.0.1');
  expect(headers.get('X-Forwarded-For')).toBe('6.6.6.6, 10.0.0.1');
  expect(headers.get('x-other')).toBe('kept');
  expect(withLastHop(new Headers(), '10.0.0.1').get('x-forwarded-for')).toBe('10.0.0.1');
});
