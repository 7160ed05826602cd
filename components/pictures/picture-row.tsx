import type { ReactNode } from 'react';
import styles from './picture-row.module.css';

export interface PictureRowProps {
  readonly thumbnail: ReactNode;
  readonly name: string;
  /** An addition to the name: a folder or a time. */
  readonly note?: string | undefined;
  readonly outcome: ReactNode;
  readonly action: ReactNode;
  /** Shown below the row when it is open. */
  readonly children?: ReactNode;
}

/** One picture in a list: its thumbnail, its name and its result. */
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
