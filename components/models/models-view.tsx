'use client';

import { MAIN_ID } from '@/components/layout/skip-link';

/** The page `/models`. */
export function ModelsView() {
  return (
    <main id={MAIN_ID} tabIndex={-1}>
      <h1>Models</h1>
    </main>
  );
}
