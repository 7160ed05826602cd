'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { usePreferences } from '@/components/ui/use-preferences';
import type { TakeUpdate } from '@/lib/browser/offline/service-worker';
import { keepSession } from '@/lib/browser/session';
import { SIGN_IN_PATH } from '@/lib/shared/contract/sign-in';
import styles from './background-work.module.css';

/** Starts the background work of every page. Visible only when a new version waits. */
export function BackgroundWork() {
  const [update, setUpdate] = useState<{ readonly take: TakeUpdate }>();
  const { reports } = usePreferences();

  useEffect(keepSession, []);

  useEffect(() => {
    // The service worker's downloads need a session. On the sign-in form they would fail, without a
    // retry.
    if (process.env.NODE_ENV !== 'production' || location.pathname === SIGN_IN_PATH) return;
    void import('@/lib/browser/offline/service-worker')
      .then(({ registerServiceWorker }) => registerServiceWorker((take) => setUpdate({ take })))
      // Private windows refuse service workers. The page then works only with a network.
      .catch(() => undefined);
  }, []);

  useEffect(() => {
    let stop: (() => void) | undefined;
    let isGone = false;
    void import('@/lib/browser/outbox')
      .then(({ keepSending }) => {
        if (!isGone) stop = keepSending();
      })
      .catch(() => undefined);
    return () => {
      isGone = true;
      stop?.();
    };
  }, [reports]);

  return (
    <div role="status" className={styles.notice} data-shown={update !== undefined}>
      {update && (
        <>
          <span>A new version of Sightline is ready.</span>
          <Button onClick={update.take}>Load it</Button>
        </>
      )}
    </div>
  );
}
