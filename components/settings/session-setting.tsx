'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { hasSignIn } from '@/lib/browser/session';
import { SIGN_OUT_PATH } from '@/lib/shared/contract/sign-in';

/** Signs the browser out, if the server requires a key. */
export function SessionSetting({ className }: { readonly className: string | undefined }) {
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    // Without a network, signing out is impossible.
    hasSignIn(stop.signal).then(setIsShown, () => undefined);
    return () => stop.abort();
  }, []);
  if (!isShown) return null;
  return (
    <section className={className}>
      <h2>Key</h2>
      <p>This browser is signed in with a key. Answers kept in the history stay here.</p>
      <form method="post" action={SIGN_OUT_PATH}>
        <Button type="submit">Sign out</Button>
      </form>
    </section>
  );
}
