/**
 * Moves the focus among tiles with arrow keys: left and right in page order, up and down to the
 * nearest tile.
 */

const TILE = '[role="option"]';
const ACROSS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };

/** @returns the tile to focus; undefined for other keys, and at an end */
export function nextTile(grid: Element, key: string): HTMLElement | undefined {
  const tiles = [...grid.querySelectorAll<HTMLElement>(TILE)];
  const at = tiles.indexOf(document.activeElement as HTMLElement);
  if (key === 'Home') return tiles[0];
  if (key === 'End') return tiles.at(-1);
  const step = ACROSS[key];
  if (step !== undefined) return tiles[at + step];
  const current = tiles[at];
  if (!current || (key !== 'ArrowUp' && key !== 'ArrowDown')) return undefined;
  return nearest(current, key === 'ArrowDown' ? tiles.slice(at + 1) : tiles.slice(0, at).reverse());
}

/** In the next line among these tiles, the tile that is horizontally closest. */
function nearest(current: HTMLElement, tiles: readonly HTMLElement[]): HTMLElement | undefined {
  const from = current.getBoundingClientRect();
  const first = tiles.find((tile) => Math.abs(tile.getBoundingClientRect().top - from.top) > 4);
  if (!first) return undefined;
  const { top } = first.getBoundingClientRect();
  const line = tiles.filter((tile) => Math.abs(tile.getBoundingClientRect().top - top) <= 4);
  const distance = (tile: HTMLElement) => Math.abs(tile.getBoundingClientRect().left - from.left);
  return line.reduce((best, tile) => (distance(tile) < distance(best) ? tile : best));
}
