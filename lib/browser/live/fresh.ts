/**
 * Fetch options for figures whose age the page shows. The ETag stays the same while the counts do,
 * so the browser's cache would return an answer with an old `to`.
 */
export const FRESH: RequestInit = { cache: 'no-store' };
