/** A Pulumi program that makes nothing. */
export function program(): Record<string, unknown> {
  return {};
}
