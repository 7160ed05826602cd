'use client';

import { createContext, use, type ComponentProps, type ReactElement } from 'react';
import { WindowVirtualizer } from 'virtua';
import styles from './long-list.module.css';

export interface LongListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  /** A guess, in pixels; rows are measured when they are seen. */
  readonly rowHeight: number;
  /** A row with a `key`. */
  readonly children: (row: Row, index: number) => ReactElement;
}

const Size = createContext(0);
const Label = createContext('');

/** A list that scrolls with the page and holds only the rows that are on the screen, or nearly. */
export function LongList<Row>({ label, rows, rowHeight, children }: LongListProps<Row>) {
  return (
    <Label value={label}>
      <Size value={rows.length}>
        <WindowVirtualizer as={List} item={Item} data={rows} itemSize={rowHeight}>
          {children}
        </WindowVirtualizer>
      </Size>
    </Label>
  );
}

function List(props: ComponentProps<'ul'>) {
  return <ul {...props} className={styles.list} aria-label={use(Label)} />;
}

/** Says how many there are, for most of them are not there. */
function Item({ index, ...props }: ComponentProps<'li'> & { readonly index: number }) {
  return <li {...props} aria-posinset={index + 1} aria-setsize={use(Size)} />;
}
