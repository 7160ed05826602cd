import type { Metadata } from 'next';
import { VisualizationsView } from '@/components/visualizations/visualizations-view';

export const metadata: Metadata = {
  title: 'Visualizations',
  description: 'Requests, latency, labels, feedback, and how good the model is.',
};

export default function VisualizationsPage() {
  return <VisualizationsView />;
}
