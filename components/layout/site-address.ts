/** A name or an IP address, with or without a port; nothing that would change the rest of an address. */
const HOST = /^(?:[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * The address under which a request came, for links that need one in full. X-Forwarded-Host is not
 * read: proxies pass it on from clients, and the name is theirs to set in Host.
 *
 * @returns undefined where Host is missing or no name of a host
 */
export function siteAddress(headers: Pick<Headers, 'get'>): URL | undefined {
  const host = headers.get('host') ?? '';
  const isSecure = headers.get('x-forwarded-proto')?.split(',').at(-1)?.trim() === 'https';
  const address = `${isSecure ? 'https' : 'http'}://${host}`;
  return HOST.test(host) && URL.canParse(address) ? new URL(address) : undefined;
}
