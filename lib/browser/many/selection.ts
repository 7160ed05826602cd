/** Which pictures are selected: pure, so that mouse and keys do the same. */

export interface Selection {
  readonly ids: ReadonlySet<number>;
  /** Where a range begins: the one that was touched last. */
  readonly anchor: number | undefined;
}

export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: undefined };

/** Selects what was not selected, and the other way round. */
export function toggle({ ids }: Selection, id: number): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/**
 * Selects all from the anchor to `id`, besides what was selected.
 *
 * @param order ids as they stand on the page
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

/** Selects all of these; none of them where all were selected. */
export function toggleAll({ ids, anchor }: Selection, some: readonly number[]): Selection {
  const next = new Set(ids);
  const isWhole = some.every((id) => ids.has(id));
  for (const id of some) {
    if (isWhole) next.delete(id);
    else next.add(id);
  }
  return { ids: next, anchor };
}
