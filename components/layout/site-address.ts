/** A name or an IP address, with or without a port; nothing that would change the rest of an address. */
const HOST = /^(?:[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * The server's address as the client wrote it, for absolute links. X-Forwarded-Host is ignored:
 * proxies pass it on from clients, and they can set Host themselves.
 *
 * @returns undefined if Host is missing or invalid
 */
export function siteAddress(headers: Pick<Headers, 'get'>): URL | undefined {
  const host = headers.get('host') ?? '';
  const isSecure = headers.get('x-forwarded-proto')?.split(',').at(-1)?.trim() === 'https';
  const address = `${isSecure ? 'https' : 'http'}://${host}`;
  return HOST.test(host) && URL.canParse(address) ? new URL(address) : undefined;
}
