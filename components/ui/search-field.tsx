import { Search } from 'lucide-react';
import styles from './search-field.module.css';

export interface SearchFieldProps {
  /** What is searched; shown and announced. */
  readonly label: string;
  /** The same, shorter, for a field in a narrow place: what is shown in it while it is empty. */
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function SearchField({ label, hint = label, value, onChange }: SearchFieldProps) {
  return (
    <span className={styles.box}>
      <Search className={styles.glass} size={14} aria-hidden />
      <input
        type="search"
        className={styles.field}
        aria-label={label}
        placeholder={hint}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </span>
  );
}
