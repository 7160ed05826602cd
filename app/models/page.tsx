import type { Metadata } from 'next';
import { ModelsView } from '@/components/models/models-view';

export const metadata: Metadata = {
  title: 'Models',
  description: 'What is installed, how good it is, and where to load it from.',
};

export default function ModelsPage() {
  return <ModelsView />;
}
