import { openAsBlob } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Formats that the server reads, and those that it refuses by name: then the row says so. */
const PICTURE = /\.(jpe?g|png|webp|avif|gif|heic|heif|tiff?|bmp|svg|jfif)$/i;

export interface PictureFile {
  /** Below the folder, with slashes; it names the row. */
  readonly name: string;
  readonly absolutePath: string;
  readonly bytes: number;
}

/**
 * Pictures in a folder and below it, in the order of their names.
 *
 * @throws Error if the folder cannot be read
 */
export async function findPictures(folder: string): Promise<PictureFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && PICTURE.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const pictures = await Promise.all(
    files.map(async (file) => ({
      name: path.relative(folder, file).split(path.sep).join('/'),
      absolutePath: file,
      bytes: (await stat(file)).size,
    })),
  );
  return pictures.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const MAX_PICTURES = 32;
/** Below MAX_BATCH_BYTES of a server with its defaults. */
const MAX_BYTES = 48 * 1024 * 1024;

/** In order, as many together as one request takes. */
export function toBatches(pictures: readonly PictureFile[]): PictureFile[][] {
  const batches: PictureFile[][] = [];
  let bytes = 0;
  for (const picture of pictures) {
    const last = batches.at(-1);
    if (last && last.length < MAX_PICTURES && bytes + picture.bytes <= MAX_BYTES) {
      last.push(picture);
      bytes += picture.bytes;
    } else {
      batches.push([picture]);
      bytes = picture.bytes;
    }
  }
  return batches;
}

/** Read when it is sent, and never whole in memory before. */
export async function toFile({ name, absolutePath }: PictureFile): Promise<File> {
  return new File([await openAsBlob(absolutePath)], name);
}
