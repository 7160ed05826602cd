import ipaddr from 'ipaddr.js';

const IPV6_SITE_PARTS = 4;

/**
 * The addresses that a request came through, the nearest last: what X-Forwarded-For says, and the
 * socket's own where the server has one. On a function platform the platform writes the header.
 */
export function addressHops(
  headers: Pick<Headers, 'get'>,
  socketAddress: string | undefined,
): string[] {
  const forwarded = (headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
  return [...forwarded, socketAddress ?? ''].filter((hop) => hop !== '');
}

/**
 * The client's address as identity: as many hops from the right as there are trusted proxies, the
 * rightmost being the socket's own. What a client writes into X-Forwarded-For lies further left and
 * changes nothing. IPv6 counts by its /64, which is what one site is given.
 */
export function clientAddress(hops: readonly string[], trustedProxies: number): string {
  const hop = hops.at(-(trustedProxies + 1)) ?? hops[0] ?? '';
  return normalizeAddress(hop);
}

export function normalizeAddress(text: string): string {
  if (!ipaddr.isValid(text)) return 'unknown';
  const address = ipaddr.process(text);
  if (address.kind() === 'ipv4') return address.toString();
  const site = (address as ipaddr.IPv6).parts.slice(0, IPV6_SITE_PARTS);
  return `${site.map((part) => part.toString(16)).join(':')}::/64`;
}
