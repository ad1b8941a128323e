// What an action of the tests is bound to.
import type { Binding } from "../../control-plane/contract/actions.ts";

export const BINDING: Binding = {
  verb: "restart",
  host: "nas",
  target: "jellyfin",
  plan: "0".repeat(16),
  observed: "1".repeat(64),
  commit: null,
  digests: [`sha256:${"a".repeat(64)}`],
};
