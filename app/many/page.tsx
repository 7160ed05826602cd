import type { Metadata } from 'next';
import { ManyView } from '@/components/many/many-view';

export const metadata: Metadata = { title: 'Many pictures' };

export default function ManyPage() {
  return <ManyView />;
}
