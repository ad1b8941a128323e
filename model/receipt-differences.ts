/** What is compared of a deployment's receipt. */
export interface Compared {
  readonly commit: string;
  readonly planDigest: string;
  /** By name, what the host had by it. */
  readonly services: Readonly<Record<string, { readonly image: string; readonly spec: string }>>;
}

/** What one deployment has and another has not, or has otherwise. */
export interface ReceiptDifference {
  /** A service, or "commit" and "plan" of the whole. */
  readonly name: string;
  readonly change: "added" | "removed" | "image" | "settings" | "commit" | "plan";
  readonly before: string | null;
  readonly after: string | null;
}

/** What changes from one receipt to another, in order of names. */
export function receiptDifferences(before: Compared, after: Compared): ReceiptDifference[] {
  const whole = (["commit", "planDigest"] as const).flatMap((key) => {
    const change = key === "commit" ? ("commit" as const) : ("plan" as const);
    if (before[key] === after[key]) return [];
    return [{ name: change, change, before: before[key], after: after[key] }];
  });
  const names = new Set([...Object.keys(before.services), ...Object.keys(after.services)]);
  return [...whole, ...[...names].sort().flatMap((name) => ofService(name, before, after))];
}

function ofService(name: string, before: Compared, after: Compared): ReceiptDifference[] {
  const [was, is] = [before.services[name], after.services[name]];
  if (!was) return [{ name, change: "added", before: null, after: is?.image ?? null }];
  if (!is) return [{ name, change: "removed", before: was.image, after: null }];
  if (was.image !== is.image)
    return [{ name, change: "image", before: was.image, after: is.image }];
  if (was.spec !== is.spec) return [{ name, change: "settings", before: was.spec, after: is.spec }];
  return [];
}
