import type { VNode } from "preact";
import { useReducer, useRef, useState } from "preact/hooks";
import { heldRows, type HeldRow } from "../view/held-rows.ts";
import { WORDS } from "../words.ts";

/** Rows that stay under the pointer. */
export interface Held<Item> {
  readonly rows: readonly HeldRow<Item>[];
  /** For the element that the rows are in. */
  readonly hold: {
    readonly onPointerEnter: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onFocusIn: () => void;
    readonly onFocusOut: () => void;
  };
  /** Shows what is not shown yet; nothing while there is none. */
  readonly more: VNode | null;
}

/**
 * Holds rows while a mouse or the focus is on them.
 * @param about what they are rows of: of something else they are all shown
 */
export function useHeld<Item extends { readonly id: string }>(
  items: readonly Item[],
  about: string,
): Held<Item> {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const [, showAll] = useReducer((count: number) => count + 1, 0);
  const shown = useRef({ about, items });
  if (shown.current.about !== about) shown.current = { about, items };
  const { rows, fresh } = heldRows(shown.current.items, items, isPointed || isFocused);
  shown.current = { about, items: rows.map(({ item }) => item) };
  const show = (): void => {
    shown.current = { about, items };
    showAll(0);
  };
  return {
    rows,
    hold: {
      // A finger that has gone leaves nothing behind that it points at.
      onPointerEnter: ({ pointerType }) => setPointed(pointerType === "mouse"),
      onPointerLeave: () => setPointed(false),
      onFocusIn: () => setFocused(true),
      onFocusOut: () => setFocused(false),
    },
    more:
      fresh === 0 ? null : (
        <button type="button" class="more" onClick={show}>
          {WORDS.fresh(fresh)}
        </button>
      ),
  };
}
