/**
 * Reads pictures that are pasted or dragged from other pages. A data URL contains a picture; any
 * other URL does not.
 */

const DATA_URL = /^data:(image\/[\w.+-]+)(;base64)?,(.*)$/is;

/**
 * Finds a picture in pasted or dropped data that contains no file.
 *
 * @returns undefined for text, URLs, and HTML without a picture in it
 */
export function pictureFromTransfer(
  transfer: Pick<DataTransfer, 'getData'> | null,
): File | undefined {
  const texts = ['text/uri-list', 'text/plain'].map((type) => transfer?.getData(type).trim() ?? '');
  const html = transfer?.getData('text/html') ?? '';
  const inHtml = /<img[^>]*\ssrc=["'](data:image\/[^"']+)["']/i.exec(html)?.[1] ?? '';
  for (const text of [...texts, inHtml]) {
    const file = pictureFromDataUrl(text);
    if (file) return file;
  }
  return undefined;
}

/** @returns undefined for anything but a well-formed data URL of an image */
export function pictureFromDataUrl(text: string): File | undefined {
  const [, type, isBase64, data] = DATA_URL.exec(text) ?? [];
  if (type === undefined || data === undefined) return undefined;
  try {
    const bytes = isBase64 ? atob(data.replace(/\s/g, '')) : decodeURIComponent(data);
    const kind = type.toLowerCase();
    const content = isBase64
      ? Uint8Array.from(bytes, (character) => character.charCodeAt(0))
      : bytes;
    return new File([content], `picture.${kind.slice('image/'.length).split('+')[0]}`, {
      type: kind,
    });
  } catch {
    // The data is not valid base64 or percent-encoding.
    return undefined;
  }
}
