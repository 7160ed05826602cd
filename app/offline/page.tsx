import type { Metadata } from 'next';
import Link from 'next/link';
import { Page } from '@/components/layout/page';

export const metadata: Metadata = { title: 'Offline', robots: { index: false } };

/** Stands in for a page that this browser does not keep, while there is no network. */
export default function OfflinePage() {
  return (
    <Page
      title="This page needs a connection"
      lead="You are offline, or the server cannot be reached, and this browser does not keep this page."
    >
      <p style={{ marginTop: 16 }}>
        <Link href="/">Classify a picture</Link>, <Link href="/many">many pictures</Link> and{' '}
        <Link href="/history">your history</Link> work without one.
      </p>
    </Page>
  );
}
