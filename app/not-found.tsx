import Link from 'next/link';
import { MAIN_ID } from '@/components/layout/skip-link';

export default function NotFound() {
  return (
    <main
      id={MAIN_ID}
      tabIndex={-1}
      style={{ maxWidth: 'var(--content-width)', margin: '0 auto', padding: '64px 24px' }}
    >
      <h1 style={{ fontSize: 'var(--text-title)', marginBottom: 8 }}>There is no page here</h1>
      <p>
        The address may have a slip in it. <Link href="/">Classify a picture</Link> instead.
      </p>
    </main>
  );
}
