import styles from './contents.module.css';

export interface ContentsEntry {
  /** Of the element that the link leads to. */
  readonly id: string;
  readonly name: string;
}

/** What a long page has, with a link to each; nothing where there is one thing only. */
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
