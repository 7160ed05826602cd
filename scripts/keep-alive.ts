/**
 * How long the server keeps an idle connection; sets Next's variable KEEP_ALIVE_TIMEOUT. It must be
 * longer than the proxy's limit (deploy/nginx.conf), or a request could arrive on a connection that
 * was just closed.
 */
export const KEEP_ALIVE_TIMEOUT_MS = 75_000;
