import { Server, type IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

const IPV6_SITE_PARTS = 4;

/**
 * The client's address as identity: as many hops from the right of X-Forwarded-For as there are
 * trusted proxies, the rightmost being the socket's own (`appendSocketAddress`). What a client
 * writes into the header lies further left and changes nothing. IPv6 counts by its /64, which is
 * what one site is given.
 */
export function clientAddress(headers: Headers, trustedProxies: number): string {
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
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

const PATCHED = Symbol.for('sightline.forwarded');

/**
 * Route handlers see headers, never the socket: every request gets its socket's address appended to
 * X-Forwarded-For before anything else sees it. On the prototype, because the server exists already
 * when this is called.
 */
export function appendSocketAddress(): void {
  const prototype = Server.prototype as unknown as { [PATCHED]?: true; emit: Server['emit'] };
  if (prototype[PATCHED]) return;
  prototype[PATCHED] = true;
  const emit = prototype.emit as (this: Server, ...args: unknown[]) => boolean;
  prototype.emit = function (this: Server, ...args: unknown[]): boolean {
    if (args[0] === 'request') append(args[1] as IncomingMessage);
    return emit.apply(this, args);
  };
}

function append({ headers, socket }: IncomingMessage): void {
  const before = headers['x-forwarded-for'];
  const hops = [before, socket.remoteAddress ?? 'unknown'].flat().filter(Boolean);
  headers['x-forwarded-for'] = hops.join(', ');
}
