import type { ReactNode } from 'react';
import styles from './page.module.css';
import { MAIN_ID } from './skip-link';

export interface PageProps {
  readonly title: string;
  /** What the page is for, in a sentence. */
  readonly lead?: ReactNode;
  readonly isBusy?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A page that begins with its name: the frame of all but the first and the API's. */
export function Page({ title, lead, isBusy = false, className = '', children }: PageProps) {
  return (
    <main
      id={MAIN_ID}
      tabIndex={-1}
      className={`${styles.page} ${className}`}
      aria-busy={isBusy || undefined}
    >
      <header>
        <h1 className={styles.title}>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
      </header>
      {children}
    </main>
  );
}
