import type { VNode } from "preact";
import { WORDS } from "../words.ts";

/** Where something will stand that is not known yet: no number, so that nobody takes it for one. */
export function Skeleton({ rows }: { readonly rows: number }): VNode {
  return (
    <div class="skeleton" role="status" aria-label={WORDS.loading}>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} />
      ))}
    </div>
  );
}
