'use client';

import { createContext, use, type ComponentProps, type ReactElement } from 'react';
import { WindowVirtualizer } from 'virtua';
import styles from './long-list.module.css';

export interface LongListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  /** Estimate in pixels. Rows are measured when they become visible. */
  readonly rowHeight: number;
  /** Renders a row; the element needs a `key`. */
  readonly children: (row: Row, index: number) => ReactElement;
}

const Size = createContext(0);
const Label = createContext('');

/** A list that scrolls with the page and renders only the rows on or near the screen. */
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

/** Tells screen readers the position and the total, because most rows are not in the document. */
function Item({ index, ...props }: ComponentProps<'li'> & { readonly index: number }) {
  return <li {...props} aria-posinset={index + 1} aria-setsize={use(Size)} />;
}
