/** Serves the build's static files, which were compressed by the build. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ApiRequest } from './api-request';
import { allowOrigin } from './cors';
import { chooseEncoding, ENCODINGS, type Encoding } from './encoding';
import { serveFile, type StoredFile } from './files';

/** Prefixes of addresses, and the folders of their files in the built server. */
const FOLDERS = {
  '/_next/static/': '.next/static',
  '/ort/': 'public/ort',
  '/workers/': 'public/workers',
  '/viewer/': 'public/viewer',
  '/client/': 'public/client',
};

/** Addresses whose content changes between builds; clients revalidate them by ETag. */
const NAMES = [
  '/client.js',
  '/client.d.ts',
  '/classifier.js',
  '/classifier.d.ts',
  '/client-device.js',
];

const IMMUTABLE = 'public, max-age=31536000, immutable';

const CONTENT_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  ts: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webp: 'image/webp',
  woff2: 'font/woff2',
};

/** Endings of compressed files. */
const SUFFIXES: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };

type Encoded = ReadonlyMap<Encoding | 'identity', StoredFile>;

/** @returns the answer; undefined if there is no such file */
export type StaticFiles = (
  request: Pick<ApiRequest, 'method' | 'headers'>,
  pathname: string,
) => Response | undefined;

/**
 * Lists the files once, because a build does not change while it is served. A file `x` may have
 * `x.br` or `x.gz` beside it, which clients that accept the encoding get instead.
 *
 * @param root folder of the built server
 * @param origins whose pages may import and fetch them too
 */
export function staticFiles(root: string, origins: readonly string[] = []): StaticFiles {
  const files = new Map<string, Encoded>();
  for (const [prefix, folder] of Object.entries(FOLDERS)) {
    listFiles(path.join(root, folder)).forEach((file, relative) =>
      files.set(prefix + relative, file),
    );
  }
  for (const name of NAMES) {
    const file = path.join(root, 'public', name);
    if (existsSync(file)) files.set(name, new Map([['identity', storeNamed(file)]]));
  }
  return (request, pathname) => {
    const encoded = files.get(decodePath(pathname));
    if (!encoded || (request.method !== 'GET' && request.method !== 'HEAD')) return undefined;
    const available = ENCODINGS.filter((name) => encoded.has(name));
    const encoding = chooseEncoding(available, request.headers.get('accept-encoding') ?? '');
    const response = serveFile(request, encoded.get(encoding)!, {
      'Cache-Control': NAMES.includes(pathname) ? 'no-cache' : IMMUTABLE,
      'Content-Type': CONTENT_TYPES[path.extname(pathname).slice(1)] ?? 'application/octet-stream',
      ...(encoded.size > 1 ? { Vary: 'Accept-Encoding' } : {}),
      ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
    });
    return allowOrigin(request, response, origins);
  };
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** Files by relative path with slashes; empty if the folder does not exist. */
function listFiles(folder: string): Map<string, Encoded> {
  const names = new Set(readEntries(folder));
  const isCopy = (name: string) =>
    Object.values(SUFFIXES).some(
      (suffix) => name.endsWith(suffix) && names.has(name.slice(0, -suffix.length)),
    );
  const originals = [...names].filter((name) => !isCopy(name));
  return new Map(
    originals.map((name) => {
      const copies = ENCODINGS.filter((encoding) => names.has(name + SUFFIXES[encoding])).map(
        (encoding) => [encoding, store(folder, name + SUFFIXES[encoding])] as const,
      );
      const encoded: Encoded = new Map([...copies, ['identity', store(folder, name)]]);
      return [name, encoded];
    }),
  );
}

/** The address contains a hash of the content, so name and length suffice for the ETag. */
function store(folder: string, name: string): StoredFile {
  const absolutePath = path.join(folder, name);
  const { size: bytes } = statSync(absolutePath);
  const hash = createHash('sha256').update(`${name} ${bytes}`).digest('base64url');
  return { absolutePath, bytes, etag: `"${hash.slice(0, 27)}"` };
}

/** The address contains no hash, so the content is hashed. */
function storeNamed(absolutePath: string): StoredFile {
  const content = readFileSync(absolutePath);
  const hash = createHash('sha256').update(content).digest('base64url');
  return { absolutePath, bytes: content.byteLength, etag: `"${hash.slice(0, 27)}"` };
}

function readEntries(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
      .map((name) => name.split(path.sep).join('/'));
  } catch (error) {
    // On a platform that serves these files itself they are not in the server's folder.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
