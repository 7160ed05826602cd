import styles from './contents.module.css';

export interface ContentsEntry {
  /** Id of the element that the link leads to. */
  readonly id: string;
  readonly name: string;
}

/** The sections of a long page, with links. Shows nothing for a single section. */
export function Contents({ entries }: { readonly entries: readonly ContentsEntry[] }) {
  if (entries.length < 2) return null;
  return (
    <nav aria-label="On this page">
      <ul className={styles.contents}>
        {entries.map(({ id, name }) => (
          <li key={id}>
            <a href={`#${id}`}>{name}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
