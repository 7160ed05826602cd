'use client';

import { Select } from '@/components/ui/select';
import { usePreferences } from '@/components/ui/use-preferences';
import { setPreferences, THRESHOLDS } from '@/lib/browser/preferences';
import styles from './model-picker.module.css';

const OPTIONS = THRESHOLDS.map((value) => ({
  value,
  label: value === '0' ? 'any probability' : `${Math.round(Number(value) * 100)} %`,
}));

/** Chooses the lowest score of the labels that are shown. */
export function ThresholdPicker() {
  const { threshold } = usePreferences();
  return (
    <div className={styles.picker}>
      <div className={styles.line}>
        <span aria-hidden>Labels from</span>
        <Select
          label="How probable a label must be to be shown"
          value={threshold}
          options={OPTIONS}
          onChange={(next) => setPreferences({ threshold: next })}
        />
      </div>
    </div>
  );
}
