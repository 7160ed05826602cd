import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Classified } from './client/client';
import { forgetShown, noteShown, shownBefore, type HistoryReader } from './shown';

const CLASSIFIED = { on: 'server', elapsedMs: 3 } as Classified;

/** A history with one entry and its picture. */
function historyWith(key: number): HistoryReader {
  const entry = { key, atMs: 1, fileName: 'cat.png', classified: CLASSIFIED };
  return {
    entry: (asked) => Promise.resolve(asked === key ? entry : undefined),
    picture: (asked) =>
      Promise.resolve(asked === key ? new Blob(['cat'], { type: 'image/png' }) : undefined),
  };
}

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('what a tab showed', () => {
  test('is the answer and its picture, by the name it had', async () => {
    noteShown(7);
    const shown = await shownBefore(() => Promise.resolve(historyWith(7)));
    expect(shown?.classified).toBe(CLASSIFIED);
    expect([shown?.key, shown?.picture.name, shown?.picture.type]).toEqual([
      7,
      'cat.png',
      'image/png',
    ]);
    expect(await shown?.picture.text()).toBe('cat');
  });

  test('is nothing once it was taken away, or is not in the history any more', async () => {
    const read = vi.fn(() => Promise.resolve(historyWith(7)));
    noteShown(8);
    expect(await shownBefore(read)).toBeUndefined();
    noteShown(7);
    forgetShown();
    expect(await shownBefore(read)).toBeUndefined();
    expect(read).toHaveBeenCalledTimes(1);
  });

  test('is nothing where the storage or the history refuses', async () => {
    noteShown(7);
    expect(await shownBefore(() => Promise.reject(new Error('no storage')))).toBeUndefined();
    const refuse = () => {
      throw new Error('no storage');
    };
    vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
    expect(() => noteShown(7)).not.toThrow();
    expect(() => forgetShown()).not.toThrow();
    expect(await shownBefore(() => Promise.resolve(historyWith(7)))).toBeUndefined();
  });
});
