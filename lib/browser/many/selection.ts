/** Which pictures are selected: pure functions, so that mouse and keyboard do the same. */

export interface Selection {
  readonly ids: ReadonlySet<number>;
  /** Start of a range: the picture that was selected or deselected last. */
  readonly anchor: number | undefined;
}

export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: undefined };

/** Selects a picture, or deselects it if it is selected. */
export function toggle({ ids }: Selection, id: number): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/**
 * Selects all pictures from the anchor to `id`, and keeps the others.
 *
 * @param order ids in the order on the page
 */
export function extendTo(
  { ids, anchor }: Selection,
  order: readonly number[],
  id: number,
): Selection {
  const to = order.indexOf(id);
  const from = anchor === undefined ? to : order.indexOf(anchor);
  if (from < 0 || to < 0) return toggle({ ids, anchor }, id);
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set([...ids, ...range]), anchor };
}

/** Selects all of these pictures, or deselects them if all are selected. */
export function toggleAll({ ids, anchor }: Selection, some: readonly number[]): Selection {
  const next = new Set(ids);
  const isWhole = some.every((id) => ids.has(id));
  for (const id of some) {
    if (isWhole) next.delete(id);
    else next.add(id);
  }
  return { ids: next, anchor };
}
