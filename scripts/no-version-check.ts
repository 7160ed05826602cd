/**
 * Next's development server asks a package registry for its newest version, and no setting prevents
 * it (next/dist/server/dev/hot-reloader-shared-utils.js). This project makes no unrequested
 * connections, so the module answers this one request with "cannot tell". Import it before Next,
 * only in development.
 */
const VERSION_PATH = '/-/package/next/dist-tags';

const askNetwork = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  return pathname === VERSION_PATH ? Promise.resolve(Response.error()) : askNetwork(input, init);
};
