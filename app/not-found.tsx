import Link from 'next/link';
import { Page } from '@/components/layout/page';

export default function NotFound() {
  return (
    <Page
      title="There is no page here"
      lead="The address may have a slip in it, or the page has moved."
    >
      <p style={{ marginTop: 16 }}>
        <Link href="/">Classify a picture</Link>, see <Link href="/history">your history</Link>, the{' '}
        <Link href="/models">models</Link> or the <Link href="/docs">API</Link>.
      </p>
    </Page>
  );
}
