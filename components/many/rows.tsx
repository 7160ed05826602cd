'use client';

import { memo } from 'react';
import { LongList } from '@/components/ui/long-list';
import type { Row } from '@/lib/browser/many/queue';
import { RowItem } from './row-item';
import styles from './rows.module.css';

const ROW_HEIGHT = 65;

/** Memoised: does not render while the visitor types a filter that shows the same rows. */
export const Rows = memo(function Rows({ rows }: { readonly rows: readonly Row[] }) {
  if (rows.length === 0) return <p className={styles.none}>No picture is like that.</p>;
  return (
    <LongList label="Pictures" rows={rows} rowHeight={ROW_HEIGHT}>
      {(row) => <RowItem key={row.id} row={row} />}
    </LongList>
  );
});
