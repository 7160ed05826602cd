/** How pictures that another app shares reach the installed page: through the service worker. */

/**
 * The operating system posts shared pictures here. The service worker answers; the server never
 * does.
 */
export const SHARE_PATH = '/share';
/** Name of the form field. */
export const SHARE_FIELD = 'pictures';
/** The cache that holds shared pictures, under addresses that no page or API uses. */
export const SHARE_CACHE = 'sightline-shared';
/** Header that holds the file name, percent-encoded. */
export const SHARE_NAME_HEADER = 'x-file-name';
