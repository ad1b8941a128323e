// Real keys of made-up people, and orders that they sign with ssh-keygen.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bindingHash, type Binding } from "../../../control-plane/contract/actions.ts";
import { orderText, type Order, type SignedOrder } from "../../../control-plane/contract/order.ts";
import { orderOf } from "../../../control-plane/contract/order-of.ts";
import type { Work } from "../../../control-plane/contract/work.ts";
import { signOrder } from "../../../control-plane/desk/sign.ts";
import { BINDING } from "../binding.ts";

export const folder = mkdtempSync(join(tmpdir(), "keys-"));

/** Makes a key; its file. */
export function keyOf(name: string): string {
  const path = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path]);
  return path;
}

export const ANNA = keyOf("anna");
export const THIEF = keyOf("thief");

/** Anna's key alone, as a desk deployment puts it on a host. */
export const ALLOWED = join(folder, "allowed_signers");
writeFileSync(ALLOWED, allowedLine("anna", ANNA), { mode: 0o644 });

/** A line of an allowed_signers file. */
export function allowedLine(
  name: string,
  key: string,
  options = 'namespaces="homelab-order"',
): string {
  return `${name} ${options} ${readFileSync(`${key}.pub`, "utf8")}`;
}

/** By the clock of the host under test. */
export const NOW = Date.parse("2026-11-26T12:00:00.000Z");

let made = 0;

/** An order for a binding, with a nonce that no other has. */
export function orderFor(binding: Binding = BINDING, change: Partial<Order> = {}): Order {
  made += 1;
  const nonce = made.toString(16).padStart(32, "0");
  const expires = "2026-11-26T12:30:00Z";
  return { ...orderOf(binding, bindingHash(binding), nonce, expires), ...change };
}

/** A text with a signature. */
export function signed(text: string, key = ANNA): Promise<SignedOrder> {
  return signOrder(text, key);
}

/** What the Executor hands over: an action, with an order that somebody signed for it. */
export async function workFor(
  binding: Binding = BINDING,
  change: Partial<Order> = {},
  key = ANNA,
): Promise<Work> {
  const authority = await signed(orderText(orderFor(binding, change)), key);
  return { version: 1, id: "2".repeat(32), hash: bindingHash(binding), binding, authority };
}
