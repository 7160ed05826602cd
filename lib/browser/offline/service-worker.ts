/** The page's side of the service worker: registering it, and taking a new version when asked. */
import { Serwist } from '@serwist/window';

/** Switches to the version that waits, and loads the page anew from it. */
export type TakeUpdate = () => void;

/**
 * Registers the worker that keeps the pages for when there is no network.
 *
 * @param onUpdate called when a new version waits; nothing changes until its argument is called
 */
export async function registerServiceWorker(
  onUpdate: (takeUpdate: TakeUpdate) => void,
): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const worker = new Serwist('/sw.js', { scope: '/' });
  worker.addEventListener('waiting', () =>
    onUpdate(() => {
      worker.addEventListener('controlling', () => location.reload());
      worker.messageSkipWaiting();
    }),
  );
  await worker.register();
}
