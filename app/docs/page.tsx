import type { Metadata } from 'next';
import { ApiDocs } from '@/components/api-docs/api-docs';

export const metadata: Metadata = {
  title: 'API',
  description: 'Every route, to read, to search and to try.',
};

export default function DocsPage() {
  return <ApiDocs />;
}
