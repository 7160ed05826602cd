/**
 * How long the server keeps an idle connection, as Next's variable KEEP_ALIVE_TIMEOUT says it: above
 * what proxies keep theirs (deploy/nginx.conf), or a request meets a connection that was just closed.
 */
export const KEEP_ALIVE_TIMEOUT_MS = 75_000;
