// Rows that somebody points at stay where they are, whatever happens meanwhile.

/** A row as it is shown. */
export interface HeldRow<Item> {
  readonly item: Item;
  /** It is not there any more, and is shown as it was. */
  readonly isGone: boolean;
}

/** Rows as they are shown, and how many there are that are not shown yet. */
export interface HeldRows<Item> {
  readonly rows: readonly HeldRow<Item>[];
  readonly fresh: number;
}

/**
 * What is shown next.
 * @param shown what is shown now
 * @param now what there is, in its order
 * @param isHeld whether somebody points at it: then only contents change, and no place
 */
export function heldRows<Item extends { readonly id: string }>(
  shown: readonly Item[],
  now: readonly Item[],
  isHeld: boolean,
): HeldRows<Item> {
  if (!isHeld) return { rows: now.map((item) => ({ item, isGone: false })), fresh: 0 };
  const byId = new Map(now.map((item) => [item.id, item]));
  const known = new Set(shown.map(({ id }) => id));
  const rows = shown.map((item) => ({
    item: byId.get(item.id) ?? item,
    isGone: !byId.has(item.id),
  }));
  return { rows, fresh: now.filter(({ id }) => !known.has(id)).length };
}
