/**
 * Keeps what the pages need without a network. Pages come out of the cache together with the very
 * scripts they were built with; a new version waits until the visitor asks for it. The model and its
 * WebAssembly are kept by the page itself, once.
 */
import { CacheFirst, ExpirationPlugin, Serwist, type PrecacheEntry } from 'serwist';

/** Put in by scripts/build-service-worker.ts. */
declare const PRECACHE: PrecacheEntry[];

const serwist = new Serwist({
  precacheEntries: PRECACHE,
  precacheOptions: {
    cleanupOutdatedCaches: true,
    // A query changes nothing in a page; what Next asks for its own navigation is no page.
    ignoreURLParametersMatching: [/^(?!_rsc$)/],
    directoryIndex: null,
    cleanURLs: false,
  },
  skipWaiting: false,
  clientsClaim: true,
  runtimeCaching: [
    {
      // WebGPU's scripts, for who chose it, and decoders; addresses name their content.
      matcher: ({ url, sameOrigin }) =>
        sameOrigin && /^\/(ort\/.*js|workers\/.*(js|wasm))$/.test(url.pathname),
      handler: new CacheFirst({
        cacheName: 'sightline-scripts',
        plugins: [new ExpirationPlugin({ maxEntries: 24 })],
      }),
    },
  ],
});

serwist.addEventListeners();
