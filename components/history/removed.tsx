'use client';

import { useSyncExternalStore } from 'react';
import { Button } from '@/components/ui/button';
import { remove } from '@/lib/browser/history';
import styles from './removed.module.css';

interface Removed {
  readonly fileName: string;
  readonly bringBack: () => Promise<void>;
}

let last: Removed | undefined;
const listeners = new Set<() => void>();

function setLast(next: Removed | undefined): void {
  last = next;
  listeners.forEach((listener) => listener());
}

/** Deletes an entry. It can be restored while the page is open. */
export async function removeEntry(key: number, fileName: string): Promise<void> {
  const bringBack = await remove(key);
  setLast({ fileName, bringBack });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Names the last deleted entry and offers to restore it. */
export function RemovedNotice() {
  const removed = useSyncExternalStore(
    subscribe,
    () => last,
    () => undefined,
  );
  const undo = async () => {
    await removed?.bringBack();
    setLast(undefined);
  };
  return (
    <div role="status" className={styles.notice} data-shown={removed !== undefined}>
      {removed && (
        <>
          <span className={styles.name}>{removed.fileName} was deleted.</span>
          <Button onClick={() => void undo()}>Undo</Button>
        </>
      )}
    </div>
  );
}
