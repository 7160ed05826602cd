'use client';

import { RadioGroup } from 'radix-ui';
import { useId } from 'react';
import styles from './choice-list.module.css';

export interface ChoiceListProps<Value extends string> {
  /** Name of the choice, for visitors who cannot see the heading above. */
  readonly name: string;
  readonly value: Value;
  readonly choices: readonly {
    readonly value: Value;
    readonly label: string;
    readonly hint?: string;
    /** It is shown and cannot be chosen. */
    readonly isOff?: boolean;
  }[];
  readonly onChange: (value: Value) => void;
}

/** A choice with one option per line, each with a sentence. */
export function ChoiceList<Value extends string>({
  name,
  value,
  choices,
  onChange,
}: ChoiceListProps<Value>) {
  const id = useId();
  return (
    <RadioGroup.Root
      className={styles.list}
      aria-label={name}
      value={value}
      onValueChange={(next) => onChange(next as Value)}
    >
      {choices.map(({ value: choice, label, hint, isOff }) => (
        <div key={choice} className={styles.choice}>
          <RadioGroup.Item
            id={`${id}-${choice}`}
            className={styles.item}
            value={choice}
            disabled={isOff}
            aria-describedby={hint ? `${id}-${choice}-hint` : undefined}
          >
            <RadioGroup.Indicator className={styles.dot} />
          </RadioGroup.Item>
          <label htmlFor={`${id}-${choice}`} className={styles.label}>
            {label}
          </label>
          {hint && (
            <span id={`${id}-${choice}-hint`} className={styles.hint}>
              {hint}
            </span>
          )}
        </div>
      ))}
    </RadioGroup.Root>
  );
}
