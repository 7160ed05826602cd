/** Compresses static files once, at build time. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = /\.(js|mjs|css|wasm|json|svg|map)$/;
/** Smaller files fit in one packet anyway. */
const SMALLEST_BYTES = 1024;
/**
 * Above this size, brotli's highest quality takes minutes; only visitors with WebGPU load such
 * files.
 */
const LARGE_BYTES = 20_000_000;
const QUALITY = { small: 11, large: 9 };
/** Compressing files from this size on takes seconds, so the result is kept for the next build. */
const KEPT_BYTES = 1_000_000;
const KEPT = '.build/brotli';

/** Writes `.br` and `.gz` next to each file of a folder, if they are smaller than the file. */
export async function compressFolder(folder: string): Promise<void> {
  await Promise.all((await listCompressible(folder)).map(compressFile));
}

/**
 * Compresses the slowest files while other parts are built. `compressFolder` then finds the
 * results.
 */
export async function compressAhead(folder: string): Promise<void> {
  const contents = await Promise.all(
    (await listCompressible(folder)).map((file) => readFile(file)),
  );
  await Promise.all(contents.filter(({ length }) => length >= KEPT_BYTES).map(brotli));
}

async function listCompressible(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

async function compressFile(file: string): Promise<void> {
  const content = await readFile(file);
  if (content.length < SMALLEST_BYTES) return;
  const [br, gz] = await Promise.all([brotli(content), promisify(gzip)(content, { level: 9 })]);
  if (br.length < content.length) await writeFile(`${file}.br`, br);
  if (gz.length < content.length) await writeFile(`${file}.gz`, gz);
}

async function brotli(content: Buffer): Promise<Buffer> {
  const quality = content.length > LARGE_BYTES ? QUALITY.large : QUALITY.small;
  if (content.length < KEPT_BYTES) return compress(content, quality);
  const hash = createHash('sha256').update(content).digest('hex');
  const kept = path.join(KEPT, `${hash}-${quality}.br`);
  const before = await readFile(kept).catch(() => undefined);
  if (before) return before;
  const compressed = await compress(content, quality);
  await mkdir(KEPT, { recursive: true });
  // Renamed when complete, so that a parallel build never reads half a file.
  await writeFile(`${kept}-${process.pid}`, compressed);
  await rename(`${kept}-${process.pid}`, kept);
  return compressed;
}

function compress(content: Buffer, quality: number): Promise<Buffer> {
  return promisify(brotliCompress)(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
}
