import { historyReader } from '@/lib/browser/history';
import { makeThumbnail } from '@/lib/browser/pictures/thumbnail';
import { Thumbnails } from '@/lib/browser/pictures/thumbnails';
import { keyOf } from './use-many';

/** Of a file; of an answer from before the page was loaded anew the one that the history keeps. */
export const rowThumbnails = new Thumbnails<File>(async (file) => {
  const key = file.size === 0 ? keyOf(file) : undefined;
  return key === undefined ? makeThumbnail(file) : historyReader.thumbnail(key);
});
