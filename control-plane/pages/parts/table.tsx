// A table that is a list of cards on a phone. Its roles are written out, because what is laid out in
// another way is no table any more for who listens to it.
import type { ComponentChildren, VNode } from "preact";

/** A column: its name, and how wide it may be. */
export interface Head {
  readonly name: string;
  readonly kind?: "wide" | "narrow";
}

/** A table with a name. */
export function Table({
  label,
  heads,
  children,
  ...handlers
}: {
  readonly label: string;
  readonly heads: readonly Head[];
  readonly children: ComponentChildren;
  readonly [handler: `on${string}`]: unknown;
}): VNode {
  return (
    <div class="table" role="table" aria-label={label} {...handlers}>
      <div class="heads" role="row">
        {heads.map(({ name, kind }) => (
          <div role="columnheader" class={kind} key={name}>
            {name}
          </div>
        ))}
      </div>
      {children}
    </div>
  );
}

/** A row; each cell under the head at its place. */
export function Row({
  heads,
  cells,
  isGone = false,
}: {
  readonly heads: readonly Head[];
  readonly cells: readonly ComponentChildren[];
  readonly isGone?: boolean;
}): VNode {
  return (
    <div class={isGone ? "row gone" : "row"} role="row">
      {cells.map((cell, at) => (
        <div role="cell" class={heads[at]?.kind} data-head={heads[at]?.name} key={heads[at]?.name}>
          {cell}
        </div>
      ))}
    </div>
  );
}
