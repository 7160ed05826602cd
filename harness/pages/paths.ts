/** Addresses of all pages that anybody may open. */
export const PAGE_PATHS = [
  '/',
  '/many',
  '/history',
  '/visualizations',
  '/models',
  '/load-tests',
  '/docs',
  '/settings',
] as const;

/** An address that is no page: what stands there has to be as usable as any. */
export const NO_PAGE_PATH = '/there-is-no-such-page';
