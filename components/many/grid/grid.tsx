'use client';

import { useId, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { Button } from '@/components/ui/button';
import { groupByLabel, type Group } from '@/lib/browser/many/groups';
import type { Row } from '@/lib/browser/many/queue';
import {
  extendTo,
  NOTHING_SELECTED,
  toggle,
  toggleAll,
  type Selection,
} from '@/lib/browser/many/selection';
import styles from './grid.module.css';
import { nextTile } from './move-focus';
import { Tile } from './tile';

/** Tiles shown per group; more on request. */
const TILES = 24;

export interface GridProps {
  readonly rows: readonly Row[];
  readonly selection: Selection;
  readonly onSelect: (next: Selection) => void;
}

/** Pictures by label, to look through and select with mouse, touch or keyboard. */
export function Grid({ rows, selection, onSelect }: GridProps) {
  const groups = useMemo(() => groupByLabel(rows), [rows]);
  const grid = useRef<HTMLDivElement>(null);
  /** Tab reaches one tile in each group. */
  const [touched, setTouched] = useState<number>();
  const order = useMemo(() => groups.flatMap((group) => group.rows.map(({ id }) => id)), [groups]);

  const press = (id: number, isRange: boolean) => {
    setTouched(id);
    onSelect(isRange ? extendTo(selection, order, id) : toggle(selection, id));
  };
  const onClick = (event: MouseEvent) => {
    const id = idOf(event.target);
    if (id !== undefined) press(id, event.shiftKey);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const id = idOf(event.target);
    if (id === undefined) return;
    if (event.key === ' ' || event.key === 'Enter') press(id, event.shiftKey);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      onSelect(toggleAll(selection, order));
    } else if (event.key === 'Escape') {
      onSelect(NOTHING_SELECTED);
    } else {
      const next = nextTile(grid.current!, event.key);
      if (!next) return;
      next.focus();
      const nextId = idOf(next)!;
      setTouched(nextId);
      if (event.shiftKey) onSelect(extendTo(withAnchor(selection, id), order, nextId));
    }
    event.preventDefault();
  };
  return (
    // One listener for all tiles, because there may be thousands.
    <div ref={grid} className={styles.grid} onClick={onClick} onKeyDown={onKeyDown}>
      {groups.map((group) => (
        <Labelled
          key={group.label ?? ''}
          group={group}
          selection={selection}
          touched={touched}
          onSelect={onSelect}
        />
      ))}
    </div>
  );
}

interface LabelledProps extends Pick<GridProps, 'selection' | 'onSelect'> {
  readonly group: Group;
  readonly touched: number | undefined;
}

function Labelled({ group: { label, rows }, selection, touched, onSelect }: LabelledProps) {
  const [isWhole, setWhole] = useState(false);
  const id = useId();
  const shown = isWhole ? rows : rows.slice(0, TILES);
  const ids = rows.map((row) => row.id);
  const reached = shown.some((row) => row.id === touched) ? touched : shown[0]?.id;
  const hidden = rows.length - shown.length;
  return (
    <section>
      <div className={styles.head}>
        <h2 id={id} className={styles.label}>
          {label ?? 'Without an answer'}
        </h2>
        <span className={styles.count}>{rows.length.toLocaleString('en')}</span>
        <Button
          className={styles.all}
          aria-label={`Select all of ${label ?? 'those without an answer'}`}
          onClick={() => onSelect(toggleAll(selection, ids))}
        >
          Select all
        </Button>
      </div>
      <div role="listbox" aria-multiselectable aria-labelledby={id} className={styles.tiles}>
        {shown.map((row) => (
          <Tile
            key={row.id}
            row={row}
            isSelected={selection.ids.has(row.id)}
            isReached={row.id === reached}
          />
        ))}
      </div>
      {hidden > 0 && (
        <Button onClick={() => setWhole(true)}>Show {hidden.toLocaleString('en')} more</Button>
      )}
    </section>
  );
}

function withAnchor(selection: Selection, id: number): Selection {
  return selection.anchor === undefined ? { ...selection, anchor: id } : selection;
}

function idOf(target: EventTarget): number | undefined {
  const tile = target instanceof Element ? target.closest('[role="option"]') : null;
  return tile instanceof HTMLElement ? Number(tile.dataset.id) : undefined;
}
