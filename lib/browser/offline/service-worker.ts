/** The page's side of the service worker: registers it, and activates a new version on request. */

/** Activates the new version and reloads the page from it. */
export type TakeUpdate = () => void;

/** Set in session storage while the page reloads because the old version was busy. */
const RETRY_KEY = 'sightline.take-update';

/**
 * How long the page waits for the new version to become active before it reloads anyway. Chromium
 * gives an old version up to 5 minutes to finish its events; leaving the page ends most of them.
 */
const PATIENCE_MS = 3000;

/**
 * How long a reload may take. After it, the page is loaded from the network, past both versions.
 */
const RELOAD_PATIENCE_MS = 10_000;

/**
 * Registers the service worker that caches the pages for use without a network.
 *
 * @param onUpdate called when a new version is ready: it waits, or another tab has activated it.
 *   The page stays as it is until the argument of `onUpdate` is called.
 * @throws DOMException if the browser refuses service workers, as some private windows do
 */
export async function registerServiceWorker(
  onUpdate: (takeUpdate: TakeUpdate) => void,
): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  // Wait, because the service worker's downloads would delay a page that is still loading.
  await pageLoaded();
  const hadController = navigator.serviceWorker.controller !== null;
  const registration = await navigator.serviceWorker.register('/sw.js', { scope: '/' });
  watchUpdates(registration, hadController, onUpdate);
}

function watchUpdates(
  registration: ServiceWorkerRegistration,
  hadController: boolean,
  onUpdate: (takeUpdate: TakeUpdate) => void,
): void {
  // The first version takes control of a page without a controller; that is not an update.
  let isControlled = hadController;
  let isTaken = false;

  const activate = (whenBusy: () => void) => {
    isTaken = true;
    // Another tab has activated it, so this page only needs a reload.
    if (!registration.waiting) return reload(registration);
    registration.waiting.postMessage({ type: 'SKIP_WAITING' });
    setTimeout(() => registration.waiting && whenBusy(), PATIENCE_MS);
  };
  const take = () =>
    activate(() => {
      writeRetry();
      reload(registration);
    });
  const announce = () => onUpdate(take);
  const watchInstall = (worker: ServiceWorker | null) =>
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && registration.active) announce();
    });

  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (isTaken) reload(registration);
    else if (isControlled) announce();
    isControlled = true;
  });
  registration.addEventListener('updatefound', () => watchInstall(registration.installing));
  watchInstall(registration.installing);
  const isRetry = takeRetry();
  if (!registration.waiting) return;
  if (isRetry) activate(() => void loadFromNetwork(registration));
  else announce();
}

/**
 * Reloads the page. Chromium may leave the reload unanswered while one version replaces the other.
 */
function reload(registration: ServiceWorkerRegistration): void {
  location.reload();
  setTimeout(() => void loadFromNetwork(registration), RELOAD_PATIENCE_MS);
}

/**
 * Unregisters the service worker, so that the network answers. The loaded page registers the new
 * version.
 */
async function loadFromNetwork(registration: ServiceWorkerRegistration): Promise<void> {
  if (!navigator.onLine) return;
  await registration.unregister();
  location.reload();
}

async function pageLoaded(): Promise<void> {
  if (document.readyState === 'complete') return;
  await new Promise((resolve) => addEventListener('load', resolve, { once: true }));
}

function writeRetry(): void {
  try {
    sessionStorage.setItem(RETRY_KEY, 'yes');
  } catch {
    // Storage is refused: the reloaded page announces the new version again.
  }
}

/** Whether this page was reloaded in order to activate a new version. True only once. */
function takeRetry(): boolean {
  try {
    const isRetry = sessionStorage.getItem(RETRY_KEY) !== null;
    sessionStorage.removeItem(RETRY_KEY);
    return isRetry;
  } catch {
    return false;
  }
}
