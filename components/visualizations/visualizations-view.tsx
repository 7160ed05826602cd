'use client';

import dynamic from 'next/dynamic';
import { Page } from '@/components/layout/page';
import styles from './visualizations-view.module.css';

/** Rendered in the browser only, because the chart library renders nothing on a server. */
const Board = dynamic(() => import('./board').then((module) => module.Board), { ssr: false });

/** The page `/visualizations`. */
export function VisualizationsView() {
  return (
    <Page
      title="Visualizations"
      lead="What the system does, and how good its model is."
      className={styles.view}
    >
      <Board />
    </Page>
  );
}
