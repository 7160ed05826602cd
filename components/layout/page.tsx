import type { ReactNode } from 'react';
import styles from './page.module.css';
import { MAIN_ID } from './skip-link';

export interface PageProps {
  readonly title: string;
  /** One sentence about the page's purpose. */
  readonly lead?: ReactNode;
  readonly isBusy?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** The frame of all pages except the first and the API's: the page begins with its title. */
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
