/** The page's side of the service worker: registers it, and takes a new version when asked. */

/** Activates the new version and reloads the page from it. */
export type TakeUpdate = () => void;

/** In session storage while the page reloads because the old version was busy. */
const RETRY_KEY = 'sightline.take-update';

/**
 * How long a new version may wait for the old one before the page reloads all the same. Chromium
 * gives an old version up to 5 minutes to finish its events; leaving the page ends most of them.
 */
const PATIENCE_MS = 3000;

/** How long a reload may take before the page is loaded from the network, past both versions. */
const RELOAD_PATIENCE_MS = 10_000;

/**
 * Registers the service worker that keeps the pages for use without a network.
 *
 * @param onUpdate called when a new version is ready: it waits, or another tab has taken it. The
 *   page stays as it is until the argument of `onUpdate` is called.
 * @throws DOMException where the browser refuses service workers, as some private windows do
 */
export async function registerServiceWorker(
  onUpdate: (takeUpdate: TakeUpdate) => void,
): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  // What the service worker fetches ahead would hold up a page that still loads.
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
  // The first version takes over a page that has no controller: that is no update.
  let isControlled = hadController;
  let isTaken = false;

  const activate = (whenBusy: () => void) => {
    isTaken = true;
    // Another tab has taken it: this page has only to be loaded from it.
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

/** Loads the page anew; Chromium may leave that unanswered while one version replaces the other. */
function reload(registration: ServiceWorkerRegistration): void {
  location.reload();
  setTimeout(() => void loadFromNetwork(registration), RELOAD_PATIENCE_MS);
}

/** Without its registration no version answers the page, which then registers the new one. */
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

/** Whether this page was reloaded to take a new version; true once. */
function takeRetry(): boolean {
  try {
    const isRetry = sessionStorage.getItem(RETRY_KEY) !== null;
    sessionStorage.removeItem(RETRY_KEY);
    return isRetry;
  } catch {
    return false;
  }
}
