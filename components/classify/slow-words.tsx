'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import styles from './answer-panel.module.css';

/** An answer takes well under a second; after this somebody wants to know. */
const SLOW_MS = 2_000;

/** Said of an answer that is long in coming, with the way out. */
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
