'use client';

import { useEffect, useState } from 'react';
import { getDevice } from '@/components/classify/use-device';
import { Button } from '@/components/ui/button';
import { clearStorage, measureStorage, type StorageUse } from '@/lib/browser/storage/storage';
import { formatMegabytes } from '@/lib/shared/numbers/format';
import styles from './storage-setting.module.css';

/** How much this site stores in the browser, with a button to delete it. */
export function StorageSetting({ className }: { readonly className: string | undefined }) {
  const [use, setUse] = useState<StorageUse>();
  const [isCleared, setIsCleared] = useState(false);
  useEffect(() => {
    let isGone = false;
    void measureStorage().then((measured) => {
      if (!isGone) setUse(measured);
    });
    return () => {
      isGone = true;
    };
  }, [isCleared]);

  const clear = async () => {
    getDevice().forget();
    await clearStorage();
    setIsCleared(true);
  };
  return (
    <section className={className}>
      <h2>Kept in this browser</h2>
      <dl className={styles.figures}>
        <Figure name="Model and WebAssembly" value={use && formatMegabytes(use.deviceBytes)} />
        <Figure
          name="Pages for when you are offline"
          value={use && formatMegabytes(use.shellBytes)}
        />
        <Figure name="Answers in the history" value={use?.rememberedAnswers.toLocaleString('en')} />
        <Figure name="Answers the server has not been told of" value={use?.waitingReports} />
        <Figure
          name="All of this site, as the browser counts"
          value={use?.totalBytes === undefined ? undefined : formatMegabytes(use.totalBytes)}
        />
      </dl>
      <div className={styles.clear}>
        <Button onClick={() => void clear()}>Clear, with the history</Button>
        <span role="status">
          {isCleared && 'Cleared. The model is loaded again when it is needed.'}
        </span>
      </div>
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string | number | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? '–'}</dd>
    </div>
  );
}
