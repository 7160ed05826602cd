/**
 * For figures whose age the page shows: their ETag stays while the counts stay, so a browser's own
 * cache would give an answer back with the `to` of long ago.
 */
export const FRESH: RequestInit = { cache: 'no-store' };
