/** Marks a secret in what the SDK sends, see the SDK's specialSigKey. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A value with every secret in it replaced by what it holds. */
export function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value.map(unwrap);
    return list.every((item, index) => item === value[index]) ? value : list;
  }
  if (value === null || typeof value !== "object") return value;
  if (SIGNATURE in value && "value" in value) return unwrap(value.value);
  const entries = Object.entries(value).map(([key, inner]) => [key, unwrap(inner)] as const);
  const same = entries.every(([key, inner]) => inner === (value as Record<string, unknown>)[key]);
  return same ? value : Object.fromEntries(entries);
}
