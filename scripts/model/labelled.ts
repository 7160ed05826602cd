/** Reads labelled pictures: a folder with one subfolder per class, or a CSV of paths and labels. */
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import Papa from 'papaparse';
import type { NamedClass } from '../../lib/shared/evaluation/evaluate';
import { shortLabel } from '../../lib/shared/model/labels';
import { CommandError } from './command';

export interface LabelledPicture {
  readonly file: string;
  /** Index of its class in the model's output; for a multi-label model, of its first label. */
  readonly label: number;
  /** Indices of all labels, for a multi-label model. */
  readonly labels?: readonly number[];
}

const PICTURE = /\.(jpe?g|png|webp|avif|gif)$/i;
const HEADER = /^(path|file|filename|image|picture)$/i;
/** Number of errors that a message lists. */
const NAMED = 5;

type Find = (name: string) => number | undefined;

/** @throws CommandError that names what is missing, or the classes that the model lacks */
export async function readLabelled(
  source: string,
  classes: readonly NamedClass[],
  hasSeveral = false,
): Promise<LabelledPicture[]> {
  const kind = await stat(source).catch((cause: unknown) => {
    throw new CommandError(`${source} cannot be read: there is no such folder or file.`, { cause });
  });
  const find = classFinder(classes);
  const pictures = kind.isDirectory()
    ? await readFolders(source, find)
    : await readCsv(source, find, hasSeveral);
  if (pictures.length >= 2) return pictures;
  throw new CommandError(
    `expected at least 2 pictures in ${source}, in one folder a class, received ${pictures.length}`,
  );
}

/**
 * Finds a class by its label, its first name, its synset or its index. The index comes last, so
 * that labels which are numbers are taken as labels.
 */
export function classFinder(classes: readonly NamedClass[]): Find {
  const found = new Map<string, number>();
  const names: ((item: NamedClass, index: number) => string | undefined)[] = [
    ({ label }) => label,
    ({ label }) => shortLabel(label),
    ({ synset }) => synset,
    (_, index) => String(index),
  ];
  for (const nameOf of names) {
    const own = classes.map((item, index) => plain(nameOf(item, index) ?? ''));
    own.forEach((name, index) => {
      // A name that two classes share identifies neither.
      const isUnique = own.indexOf(name) === own.lastIndexOf(name);
      if (name !== '' && isUnique && !found.has(name)) found.set(name, index);
    });
  }
  return (name) => found.get(plain(name));
}

/** Folder names often have _ where the label has a space. */
function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, ' ');
}

async function readFolders(folder: string, find: Find): Promise<LabelledPicture[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isFile() && !entry.name.startsWith('.'));
  const folders = names.map(({ name }) => name).sort();
  assertKnown(
    folders.filter((name) => find(name) === undefined),
    'folder',
  );
  const lists = folders.map(async (name) => {
    const files = await readdir(path.join(folder, name), { recursive: true });
    return files
      .filter((file) => PICTURE.test(file))
      .sort()
      .map((file) => ({ file: path.join(folder, name, file), label: find(name)! }));
  });
  return (await Promise.all(lists)).flat();
}

/**
 * Reads a path and labels from each line. Paths are relative to the folder of the CSV. Several
 * labels are in columns of their own, or in one column, separated by ; or |.
 */
async function readCsv(file: string, find: Find, hasSeveral: boolean): Promise<LabelledPicture[]> {
  const { data } = Papa.parse<string[]>((await readFile(file, 'utf8')).trim(), {
    skipEmptyLines: true,
  });
  const rows = HEADER.test(data[0]?.[0]?.trim() ?? '') ? data.slice(1) : data;
  assertKnown(
    rows.flatMap((row) => labelsOf(row, hasSeveral)).filter((label) => find(label) === undefined),
    'label',
  );
  const pictures = rows.map((row) => {
    const labels = labelsOf(row, hasSeveral).map((label) => find(label)!);
    const [name = ''] = row;
    return {
      file: path.resolve(path.dirname(file), name.trim()),
      label: labels[0] ?? -1,
      ...(hasSeveral ? { labels } : {}),
    };
  });
  const missing = pictures.filter((picture) => !existsSync(picture.file));
  if (missing.length === 0) return pictures;
  const named = missing.slice(0, NAMED).map((picture) => picture.file);
  throw new CommandError(`${missing.length} pictures of ${file} are missing: ${named.join(', ')}.`);
}

/** A single-label model has exactly one label per picture. */
function labelsOf([, ...cells]: readonly string[], hasSeveral: boolean): string[] {
  if (!hasSeveral) return [cells[0] ?? ''];
  return cells
    .flatMap((cell) => cell.split(/[;|]/))
    .map((label) => label.trim())
    .filter((label) => label !== '');
}

function assertKnown(unknown: readonly string[], what: 'folder' | 'label'): void {
  if (unknown.length === 0) return;
  const distinct = [...new Set(unknown)];
  const named = distinct.slice(0, NAMED).map((name) => `"${name}"`);
  const rest = distinct.length > NAMED ? ` and ${distinct.length - NAMED} more` : '';
  throw new CommandError(
    `expected each ${what} to name a class of the model by its label, its index or its synset ` +
      `(a line of synsets.txt), received ${named.join(', ')}${rest}`,
  );
}
