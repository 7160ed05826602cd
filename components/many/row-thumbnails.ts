import { historyReader } from '@/lib/browser/history';
import { makeThumbnail } from '@/lib/browser/pictures/thumbnail';
import { Thumbnails } from '@/lib/browser/pictures/thumbnails';
import { keyOf } from './use-many';

/** The thumbnail of a file; for an answer from before a reload, the one in the history. */
export const rowThumbnails = new Thumbnails<File>(async (file) => {
  const key = file.size === 0 ? keyOf(file) : undefined;
  return key === undefined ? makeThumbnail(file) : historyReader.thumbnail(key);
});
