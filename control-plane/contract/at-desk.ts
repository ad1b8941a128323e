// What no host does by an order: it needs the checkout and the stack's state, which are at the desk.
import type { Binding } from "./actions.ts";

/**
 * The command that does an action, where a person does it and no host; null for what a host fetches
 * once it is approved. Every name in it has a form that a shell takes for one word.
 */
export function commandAtDesk({
  verb,
  host,
  target,
}: Pick<Binding, "verb" | "host" | "target">): string | null {
  switch (verb) {
    case "start":
    case "restart":
    case "remount":
    case "run-backup":
      return null;
    case "redeploy-service":
    case "deploy-host":
      return `npx homelab deploy ${host}`;
    case "roll-back":
      return `npx homelab rollback ${host} --to ${target}`;
    case "restore-copy": {
      const at = target.lastIndexOf("@");
      const [service, copy] = [target.slice(0, at), target.slice(at + 1)];
      return `npx homelab backup restore ${service} --host ${host} --snapshot ${copy}`;
    }
    case "update-image":
      return `npx homelab images update ${target} && npx homelab deploy ${host}`;
  }
}
