import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of this server sent a request, or no page at all, or somebody followed a link
 * here: pages of others may not act with the cookie that a browser adds. SameSite alone would let
 * those of other ports and of sibling names.
 */
export function isFromHere({
  method,
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    const isLink = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
    return site === 'same-origin' || site === 'none' || isLink;
  }
  // Browsers send Sec-Fetch-Site only to HTTPS and localhost.
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** Removes the cookie from the parsed and from the raw headers. */
export function dropCookie({ headers, rawHeaders }: IncomingMessage): void {
  delete headers.cookie;
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if (rawHeaders[at]!.toLowerCase() === 'cookie') rawHeaders.splice(at, 2);
  }
}
