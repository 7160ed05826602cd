import { useId } from 'react';
import type { ModelsResponse } from '@/lib/shared/contract/models';
import styles from './broken-folders.module.css';

/**
 * The folders that cannot be served, each with what to correct. Shows nothing if there are none.
 */
export function BrokenFolders({
  folders,
}: {
  readonly folders: NonNullable<ModelsResponse['broken']>;
}) {
  const id = useId();
  if (folders.length === 0) return null;
  return (
    <section className={styles.broken} aria-labelledby={id}>
      <h2 id={id}>Cannot be served</h2>
      <ul>
        {folders.map((folder) => (
          <li key={folder.id}>
            <strong>{folder.id}</strong>
            <p>{folder.reason}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
