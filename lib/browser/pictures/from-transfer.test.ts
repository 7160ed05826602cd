import { describe, expect, test } from 'vitest';
import { pictureFromDataUrl, pictureFromTransfer } from './from-transfer';

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';

function transfer(data: Record<string, string>): Pick<DataTransfer, 'getData'> {
  return { getData: (type) => data[type] ?? '' };
}

describe('a data URL', () => {
  test('is a file of its type', async () => {
    const file = pictureFromDataUrl(PIXEL)!;
    expect([file.name, file.type]).toEqual(['picture.gif', 'image/gif']);
    const bytes = new Uint8Array(await file.arrayBuffer());
    expect(String.fromCharCode(...bytes.subarray(0, 6))).toBe('GIF89a');
  });

  test('may be percent-encoded', async () => {
    const file = pictureFromDataUrl('data:image/svg+xml,%3Csvg%2F%3E')!;
    expect([file.name, await file.text()]).toEqual(['picture.svg', '<svg/>']);
  });

  test('that is broken, or of something else, is none', () => {
    for (const text of ['data:image/png;base64,§', 'data:text/plain,hello', 'data:image/png', '']) {
      expect(pictureFromDataUrl(text)).toBeUndefined();
    }
  });
});

describe('what is dragged from another page', () => {
  test('is a picture where its HTML holds one', () => {
    const html = `<meta charset="utf-8"><img alt="x" src="${PIXEL}">`;
    expect(pictureFromTransfer(transfer({ 'text/html': html }))?.name).toBe('picture.gif');
  });

  test('is none where it is an address', () => {
    const address = 'https://example.org/cat.png';
    expect(
      pictureFromTransfer(
        transfer({ 'text/uri-list': address, 'text/html': `<img src="${address}">` }),
      ),
    ).toBeUndefined();
    expect(pictureFromTransfer(null)).toBeUndefined();
  });
});
