/** Pictures that another app shares with the installed page, on their way from the service worker. */

/** Where the system posts them; the service worker answers, nobody else. */
export const SHARE_PATH = '/share';
/** Name of the form's field. */
export const SHARE_FIELD = 'pictures';
/** The cache they wait in, under addresses that are nobody's. */
export const SHARE_CACHE = 'sightline-shared';
/** Holds a file's name, percent-encoded. */
export const SHARE_NAME_HEADER = 'x-file-name';
