'use client';

import { ChevronDown } from 'lucide-react';
import { useEffect, useRef } from 'react';
import styles from './select.module.css';

export interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** A choice of several options, in the browser's own list. */
export function Select<Value extends string>({
  label,
  value,
  options,
  onChange,
}: SelectProps<Value>) {
  const select = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    // What the visitor chose before the scripts were there: React leaves it shown, and tells nobody.
    const shown = select.current!.value as Value;
    const isKnown = options.some((option) => option.value === value);
    if (isKnown && shown !== value) onChange(shown);
    // Only once, when the page's scripts take over.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <span className={styles.box}>
      <select
        ref={select}
        // Firefox would show the choice of the visit before as if it were one of now.
        autoComplete="off"
        className={styles.select}
        aria-label={label}
        value={value}
        onChange={({ target }) => onChange(target.value as Value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown className={styles.arrow} size={14} aria-hidden />
    </span>
  );
}
