/** Paths of all public pages. */
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

/** A path without a page. The page shown there must be as usable as any other. */
export const NO_PAGE_PATH = '/there-is-no-such-page';
