import type { ReactNode } from 'react';
import styles from './picture-row.module.css';

export interface PictureRowProps {
  readonly thumbnail: ReactNode;
  readonly name: string;
  /** Of the name: a folder, a time. */
  readonly note?: string | undefined;
  readonly outcome: ReactNode;
  readonly action: ReactNode;
  /** What is under the row when it is opened. */
  readonly children?: ReactNode;
}

/** One picture in a list: what it looks like, what it is called, what came of it. */
export function PictureRow({ thumbnail, name, note, outcome, action, children }: PictureRowProps) {
  return (
    <div className={styles.row}>
      <div className={styles.thumbnail}>{thumbnail}</div>
      <p className={styles.name} title={name}>
        <span>{name}</span>
        {note !== undefined && <span className={styles.note}>{note}</span>}
      </p>
      <div className={styles.outcome}>{outcome}</div>
      <div className={styles.action}>{action}</div>
      {children && <div className={styles.opened}>{children}</div>}
    </div>
  );
}
