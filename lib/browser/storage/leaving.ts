/** Ends the running IndexedDB transactions of a page that is being left. */

interface Transaction {
  readonly done: Promise<unknown>;
  readonly abort: () => void;
}

const running = new Set<Transaction>();

/**
 * Aborts the transaction if the visitor leaves the page while it runs. The standard demands that of
 * browsers. WebKitGTK 2.50 keeps such a transaction instead, and each later one of the same stores
 * waits for it, in other pages too, until the browser is closed.
 */
export function abortedOnLeaving<T extends Transaction>(transaction: T): T {
  listen();
  running.add(transaction);
  const forget = () => void running.delete(transaction);
  transaction.done.then(forget, forget);
  return transaction;
}

let isListening = false;

function listen(): void {
  if (isListening || typeof window === 'undefined') return;
  isListening = true;
  window.addEventListener('pagehide', abortAll);
}

function abortAll(): void {
  for (const transaction of running) {
    try {
      transaction.abort();
    } catch {
      // It had already ended.
    }
  }
  running.clear();
}
