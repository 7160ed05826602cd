/**
 * Caches what the pages need offline. Pages come from the cache together with the scripts of the
 * same build. A new version waits until the visitor asks for it. The page itself caches the model
 * and its WebAssembly.
 */
import {
  CacheFirst,
  ExpirationPlugin,
  NetworkFirst,
  NetworkOnly,
  Serwist,
  type PrecacheEntry,
} from 'serwist';
import { isShare, receiveShare } from './share-target';

/** scripts/build-service-worker.ts puts this value in. */
declare const PRECACHE: PrecacheEntry[];
declare const self: ServiceWorkerGlobalScope;

const serwist = new Serwist({
  precacheEntries: PRECACHE,
  precacheOptions: {
    cleanupOutdatedCaches: true,
    // A query does not change a page. Requests with `_rsc` are Next's own navigation data, not
    // pages.
    ignoreURLParametersMatching: [/^(?!_rsc$)/],
    directoryIndex: null,
    cleanURLs: false,
    // Serwist would reload every entry that has a revision. The page has just loaded these files,
    // so revalidate them instead.
    plugins: [
      {
        requestWillFetch: ({ request }) =>
          Promise.resolve(
            request.cache === 'reload' ? new Request(request, { cache: 'no-cache' }) : request,
          ),
      },
    ],
  },
  skipWaiting: false,
  clientsClaim: true,
  runtimeCaching: [
    {
      // WebGPU scripts, decoders and the API viewer, for visitors who have used them. Their URLs
      // contain a hash of the content.
      matcher: ({ url, sameOrigin }) =>
        sameOrigin && /^\/((ort|viewer)\/.*js|workers\/.*(js|wasm))$/.test(url.pathname),
      handler: new CacheFirst({
        cacheName: 'sightline-scripts',
        plugins: [new ExpirationPlugin({ maxEntries: 24 })],
      }),
    },
    {
      // Offline, answer with the last response. The charts show how old it is.
      matcher: ({ url, sameOrigin }) =>
        sameOrigin && ['/api/visualizations', '/api/openapi.json'].includes(url.pathname),
      handler: new NetworkFirst({
        cacheName: 'sightline-answers',
        plugins: [new ExpirationPlugin({ maxEntries: 8 })],
      }),
    },
    // Pages that are not cached. Offline, the fallback page answers instead.
    { matcher: ({ request }) => request.mode === 'navigate', handler: new NetworkOnly() },
  ],
  fallbacks: {
    entries: [{ url: '/offline', matcher: ({ request }) => request.mode === 'navigate' }],
  },
});

// Registered before Serwist's listener, which ignores a request that is already answered.
self.addEventListener('fetch', (event) => {
  if (isShare(event.request)) event.respondWith(receiveShare(event.request));
});
serwist.addEventListeners();
