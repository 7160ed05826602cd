import ipaddr from 'ipaddr.js';

const IPV6_SITE_PARTS = 4;
const FORWARDED_FOR = 'x-forwarded-for';

type ReadHeaders = Pick<Headers, 'get' | 'has'>;

/**
 * The client's address as identity: as many hops from the right of X-Forwarded-For as there are
 * trusted proxies, the rightmost being the socket's own (`withLastHop`). What a client
 * writes into the header lies further left and changes nothing. IPv6 counts by its /64, which is
 * what one site is given.
 */
export function clientAddress(headers: Pick<Headers, 'get'>, trustedProxies: number): string {
  const hops = (headers.get(FORWARDED_FOR) ?? '').split(',').map((hop) => hop.trim());
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

/**
 * Headers in whose X-Forwarded-For the last hop stands too: the socket's address, which a client
 * cannot choose.
 */
export function withLastHop(headers: ReadHeaders, address: string): ReadHeaders {
  return {
    get: (name) => {
      const value = headers.get(name);
      if (name.toLowerCase() !== FORWARDED_FOR) return value;
      return value === null ? address : `${value}, ${address}`;
    },
    has: (name) => name.toLowerCase() === FORWARDED_FOR || headers.has(name),
  };
}
