'use client';

import { useState } from 'react';
import type { Row } from '@/lib/browser/many/queue';
import { NOTHING_SELECTED } from '@/lib/browser/many/selection';
import rowStyles from '../rows.module.css';
import { Grid } from './grid';
import styles from './grid.module.css';
import { SelectionBar } from './selection-bar';

/** The grid, with the actions for selected pictures. */
export function SelectableGrid({ rows }: { readonly rows: readonly Row[] }) {
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  // Pictures hidden by the filter stay selected, but actions apply only to visible ones.
  const selected = rows.filter(({ id }) => selection.ids.has(id));
  if (rows.length === 0) return <p className={rowStyles.none}>No picture is like that.</p>;
  return (
    <div className={styles.selectable}>
      <p className={styles.keys}>
        Arrow keys go from picture to picture, Space selects, Shift selects up to there, Ctrl+A all.
      </p>
      <Grid rows={rows} selection={selection} onSelect={setSelection} />
      {selected.length > 0 && (
        <SelectionBar rows={selected} onClear={() => setSelection(NOTHING_SELECTED)} />
      )}
    </div>
  );
}
