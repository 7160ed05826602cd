'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import styles from './answer-panel.module.css';

/** An answer normally takes well under a second; after this time the page says that it is slow. */
const SLOW_MS = 2_000;

/** Says that an answer is slow, with a button to cancel. */
export function SlowWords({ onCancel }: { readonly onCancel: () => void }) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isSlow) return null;
  return (
    <div className={styles.slow}>
      <p role="status">This takes longer than usual.</p>
      <Button onClick={onCancel}>Cancel</Button>
    </div>
  );
}
