/** Where reports are stored: full ones in bench/results, quick ones with the build. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import {
  loadTestsSchema,
  type LoadReport,
  type LoadTests,
} from '../../lib/shared/contract/load-tests';
import { describeReport } from './markdown';
import { OLD_SYSTEM } from './old-system';

export const FOLDER = path.join('bench', 'results');
export const QUICK_FOLDER = path.join('.build', 'load-tests');
const NAME = 'load-tests';

/** Adds a report. It replaces an older one of the same variant; otherwise it comes last. */
export function withReport({ reports }: LoadTests, report: LoadReport): LoadTests {
  const isThere = reports.some(({ variant }) => variant === report.variant);
  if (!isThere) return { reports: [...reports, report] };
  return { reports: reports.map((one) => (one.variant === report.variant ? report : one)) };
}

/** @returns path of the written files without their extensions .json and .md */
export async function saveReport(folder: string, report: LoadReport): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, NAME);
  const kept = await readFile(`${file}.json`, 'utf8').catch(() => '{"reports":[]}');
  const all = withReport(z.parse(loadTestsSchema, JSON.parse(kept)), report);
  await writeFile(`${file}.json`, `${JSON.stringify(all, null, 1)}\n`);
  const text = ['# Load tests', `Beside the old system: ${OLD_SYSTEM.about}`];
  await writeFile(`${file}.md`, `${[...text, ...all.reports.map(describeReport)].join('\n\n')}\n`);
  return file;
}
