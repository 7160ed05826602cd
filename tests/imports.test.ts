/** What imports what: no circles anywhere, and in lib/server from the upper floors down. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const FOLDERS = ['app', 'bench', 'components', 'e2e', 'harness', 'lib', 'scripts', 'tests'];

/** Rooms of lib/server by their floor; what lies in no room is on the ground. */
const FLOORS: Readonly<Record<string, number>> = {
  process: 7,
  api: 6,
  prediction: 5,
  inference: 4,
  statistics: 4,
  models: 3,
  quota: 3,
  store: 2,
  intake: 2,
  metrics: 1,
  http: 1,
};

type Imports = ReadonlyMap<string, readonly string[]>;

function listSources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.m?tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

function readImports(): Imports {
  const sources = new Set(FOLDERS.flatMap(listSources));
  const candidates = (base: string) =>
    ['', '.ts', '.tsx', '.mts', '/index.ts', '/index.tsx'].map((end) => base + end);
  const find = (from: string, specifier: string) => {
    if (!/^(\.|@\/)/.test(specifier)) return undefined;
    const base = specifier.startsWith('@/')
      ? specifier.slice(2)
      : path.posix.join(path.posix.dirname(from), specifier);
    return candidates(base).find((file) => sources.has(file));
  };
  return new Map(
    [...sources].map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(path.join(root, file), 'utf8'));
      const found = importedFiles.map(({ fileName }) => find(file, fileName));
      return [file, found.filter((one) => one !== undefined)];
    }),
  );
}

/** Each circle once, as the files on it (Tarjan's strongly connected components). */
function circles(imports: Imports): string[][] {
  const index = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string) => {
    index.set(file, index.size);
    lowest.set(file, index.get(file)!);
    open.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!index.has(next)) visit(next);
      if (open.includes(next)) {
        lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
      }
    }
    if (lowest.get(file) !== index.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const file of imports.keys()) if (!index.has(file)) visit(file);
  return found;
}

function floorOf(file: string): number | undefined {
  const room = /^lib\/server\/(?:([^/]+)\/)?/.exec(file);
  return room ? (FLOORS[room[1] ?? ''] ?? 0) : undefined;
}

const imports = readImports();
const arrows = [...imports].flatMap(([from, to]) => to.map((target) => [from, target] as const));
const isTest = (file: string) => /\.test\.tsx?$/.test(file) || file.endsWith('/testing.ts');

test('nothing imports itself over others', () => {
  expect(imports.size).toBeGreaterThan(500);
  expect(circles(imports)).toEqual([]);
});

test('a circle is found', () => {
  const round = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(circles(round)).toEqual([['a', 'b', 'c']]);
});

test('in lib/server nothing but the door imports what is above it', () => {
  const upward = arrows.filter(([from, to]) => {
    const [lower, upper] = [floorOf(from), floorOf(to)];
    return lower !== undefined && upper !== undefined && lower < upper && !isTest(from);
  });
  expect(upward).toEqual([['lib/server/index.ts', 'lib/server/process/functions.ts']]);
});

test('nothing that is run imports tests', () => {
  const tested = (file: string) => /^(tests|e2e)\//.test(file);
  expect(arrows.filter(([from, to]) => !tested(from) && !isTest(from) && tested(to))).toEqual([]);
});
