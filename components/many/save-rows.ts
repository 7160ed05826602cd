import { download } from '@/lib/browser/download';
import type { Row } from '@/lib/browser/many/queue';
import { getPreferences } from '@/lib/browser/preferences';
import { describeRowFailure } from './words';

/** Saves rows as a file. */
export async function saveRows(rows: readonly Row[], format: 'csv' | 'json'): Promise<void> {
  const { toCsv, toJson } = await import('@/lib/browser/many/export');
  const describe = (error: Error) => describeRowFailure(error, getPreferences().runtime).title;
  if (format === 'csv') download('pictures.csv', 'text/csv;charset=utf-8', toCsv(rows, describe));
  else download('pictures.json', 'application/json', toJson(rows, describe));
}
