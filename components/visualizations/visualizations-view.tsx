'use client';

import dynamic from 'next/dynamic';
import { MAIN_ID } from '@/components/layout/skip-link';
import styles from './visualizations-view.module.css';

/** Drawn in the browser only: the chart library draws nothing on a server. */
const Board = dynamic(() => import('./board').then((module) => module.Board), { ssr: false });

/** The page `/visualizations`. */
export function VisualizationsView() {
  return (
    <main id={MAIN_ID} tabIndex={-1} className={styles.view}>
      <h1 className={styles.title}>Visualizations</h1>
      <p className={styles.lead}>What the system does, and how good its model is.</p>
      <Board />
    </main>
  );
}
