/**
 * Next's development server asks a package registry for its newest version, and has no setting for
 * that (next/dist/server/dev/hot-reloader-shared-utils.js). Here nothing leaves the machine unasked:
 * this one question is answered by "cannot tell". Imported before Next, and while developing only.
 */
const VERSION_PATH = '/-/package/next/dist-tags';

const askNetwork = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  return pathname === VERSION_PATH ? Promise.resolve(Response.error()) : askNetwork(input, init);
};
