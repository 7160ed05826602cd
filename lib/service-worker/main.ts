/**
 * Keeps what the pages need without a network. Pages come out of the cache together with the very
 * scripts they were built with; a new version waits until the visitor asks for it. The model and its
 * WebAssembly are kept by the page itself, once.
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

/** Put in by scripts/build-service-worker.ts. */
declare const PRECACHE: PrecacheEntry[];
declare const self: ServiceWorkerGlobalScope;

const serwist = new Serwist({
  precacheEntries: PRECACHE,
  precacheOptions: {
    cleanupOutdatedCaches: true,
    // A query changes nothing in a page; what Next asks for its own navigation is no page.
    ignoreURLParametersMatching: [/^(?!_rsc$)/],
    directoryIndex: null,
    cleanURLs: false,
    // Serwist reloads what has a revision. What the page has loaded just now is only asked after.
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
      // WebGPU's scripts, decoders and the viewer of the API, for who used them; addresses name
      // their content.
      matcher: ({ url, sameOrigin }) =>
        sameOrigin && /^\/((ort|viewer)\/.*js|workers\/.*(js|wasm))$/.test(url.pathname),
      handler: new CacheFirst({
        cacheName: 'sightline-scripts',
        plugins: [new ExpirationPlugin({ maxEntries: 24 })],
      }),
    },
    {
      // Without a network the last that came: charts say of when they are.
      matcher: ({ url, sameOrigin }) =>
        sameOrigin && ['/api/visualizations', '/api/openapi.json'].includes(url.pathname),
      handler: new NetworkFirst({
        cacheName: 'sightline-answers',
        plugins: [new ExpirationPlugin({ maxEntries: 8 })],
      }),
    },
    // A page that is not kept; without a network its place is taken by one that says so.
    { matcher: ({ request }) => request.mode === 'navigate', handler: new NetworkOnly() },
  ],
  fallbacks: {
    entries: [{ url: '/offline', matcher: ({ request }) => request.mode === 'navigate' }],
  },
});

// Before serwist's own listener, which leaves a request alone that has its answer.
self.addEventListener('fetch', (event) => {
  if (isShare(event.request)) event.respondWith(receiveShare(event.request));
});
serwist.addEventListeners();
