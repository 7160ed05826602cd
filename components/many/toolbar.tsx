'use client';

import { Download, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { SearchField } from '@/components/ui/search-field';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import type { Row } from '@/lib/browser/many/queue';
import type { Layout, Sort, StateFilter, View } from '@/lib/browser/many/view';
import { saveRows } from './save-rows';
import styles from './toolbar.module.css';

const STATES: readonly { value: StateFilter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'answered', label: 'Answered' },
  { value: 'failed', label: 'Failed' },
  { value: 'open', label: 'To go' },
];

const SORTS: readonly { value: Sort; label: string }[] = [
  { value: 'order', label: 'As they came' },
  { value: 'name', label: 'By name' },
  { value: 'label', label: 'By label' },
  { value: 'score-down', label: 'Surest first' },
  { value: 'score-up', label: 'Least sure first' },
];

const LAYOUTS: readonly { value: Layout; label: string }[] = [
  { value: 'list', label: 'List' },
  { value: 'grid', label: 'By label' },
];

export interface ToolbarProps {
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
  readonly view: View;
  readonly onChange: (view: View) => void;
  /** The rows to export: all of them, whatever the filter shows. */
  readonly rows: readonly Row[];
}

/** Filter, sort order and export of the list. */
export function Toolbar({ layout, onLayout, view, onChange, rows }: ToolbarProps) {
  return (
    <div className={styles.toolbar}>
      <SearchField
        label="Find in names and labels"
        hint="Names and labels"
        value={view.text}
        onChange={(text) => onChange({ ...view, text })}
      />
      <Segmented
        label="Which are shown"
        value={view.state}
        options={STATES}
        onChange={(state) => onChange({ ...view, state })}
      />
      <Segmented label="How they are shown" value={layout} options={LAYOUTS} onChange={onLayout} />
      <Select
        label="In which order"
        value={view.sort}
        options={SORTS}
        onChange={(sort) => onChange({ ...view, sort })}
      />
      <Exports rows={rows} />
      {view.label !== undefined && (
        <Button className={styles.label} onClick={() => onChange({ ...view, label: undefined })}>
          Only “{view.label}”
          <X size={14} aria-label="Show all labels" />
        </Button>
      )}
    </div>
  );
}

function Exports({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <div className={styles.exports}>
      <Button aria-label="Download all results as CSV" onClick={() => void saveRows(rows, 'csv')}>
        <Download size={14} aria-hidden />
        CSV
      </Button>
      <Button aria-label="Download all results as JSON" onClick={() => void saveRows(rows, 'json')}>
        <Download size={14} aria-hidden />
        JSON
      </Button>
    </div>
  );
}
