import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseOrder } from "../../../control-plane/contract/order.ts";
import { approve, reject, signable } from "../../../control-plane/desk/decide.ts";
import { signOrder } from "../../../control-plane/desk/sign.ts";
import { actions, incidents, status } from "../../../control-plane/desk/views.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { executorOf, type Root, stopped } from "../imitated-root.ts";

const anna = (root: Root) => ({ by: "anna", now: root.now() });

describe("the desk", () => {
  it("shows hosts, causes and what waits, with the age of what it shows", () => {
    const root = stopped();
    expect(status(disk, root.path, root.now())).toMatchObject({
      stale: null,
      hosts: [
        { host: "docker-vm", freshness: "fresh", asDesired: true, services: { healthy: 6 } },
        { host: "nas", heardSecondsAgo: 3606, services: { healthy: 1, exited: 1 } },
      ],
      incidents: 1,
      actions: { pending: 1 },
    });
    expect(incidents(disk, root.path)).toMatchObject([{ cause: "nas/files" }]);
    expect(actions(disk, root.path)).toHaveLength(1);
  });

  it("says that what it shows is old when the Observer or the Supervisor is silent (R27)", () => {
    const root = stopped();
    root.home.time += 90;
    expect(status(disk, root.path, root.now()).stale).toContain("Observer");
    root.health({});
    expect(status(disk, root.path, root.now()).stale).toContain("Supervisor");
  });

  it("changes nothing by looking (R15)", () => {
    const root = stopped();
    const files = () =>
      execFileSync("find", [root.path, "-type", "f", "-printf", "%p %s %T@\n"]).toString();
    const before = files();
    status(disk, root.path, root.now());
    incidents(disk, root.path);
    actions(disk, root.path, true);
    expect(files()).toBe(before);
  });

  it("gives a text to be signed that ends with the action, and that no other nonce has", () => {
    const root = stopped();
    const { id, hash } = root.action("pending");
    const texts = [1, 2].map(() => {
      const found = signable(disk, root.path, id, root.now());
      return "refused" in found ? found.refused : found.text;
    });
    const orders = texts.map((text) => parseOrder(text));
    expect(orders[0]).toMatchObject({ host: "nas", verb: "start", target: "files", shown: hash });
    expect(Date.parse(orders[0]?.expires ?? "")).toBeLessThanOrEqual(root.now() + 3600_000);
    expect(orders[0]?.nonce).not.toBe(orders[1]?.nonce);
  });

  it("approves with a real signature, which the Executor hands on to the host", async () => {
    const root = stopped();
    const key = join(mkdtempSync(join(tmpdir(), "key-")), "anna");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const { id, hash } = root.action("pending");
    const found = signable(disk, root.path, id, root.now());
    if ("refused" in found) throw new Error(found.refused);
    const authority = await signOrder(found.text, key);
    approve(disk, root.path, id, hash, authority, anna(root));
    const executor = executorOf(root);
    expect(executor.workFor("nas")?.authority).toEqual(authority);
    await expect(signOrder("x", `${key}-of-nobody`)).rejects.toThrow("did not sign with");
  });

  it("approves nothing that is not any more what was shown, expired, or looked at long ago", () => {
    const root = stopped();
    const { id } = root.action("pending");
    const authority = { version: 1, text: "", signature: { kind: "ssh", armored: "" } } as const;
    const approved = approve(disk, root.path, id, "0".repeat(64), authority, anna(root));
    expect(approved).toEqual({ refused: "it is not any more what was shown" });
    for (const other of ["0".repeat(32), "../../etc/passwd", ""]) {
      expect(signable(disk, root.path, other, root.now())).toHaveProperty("refused");
    }
    root.home.time += 90;
    expect(signable(disk, root.path, id, root.now())).toHaveProperty("refused");
    root.home.time += 3600;
    root.health({});
    expect(signable(disk, root.path, id, root.now())).toMatchObject({
      refused: expect.stringContaining("expired") as string,
    });
  });

  it("rejects for a reason, and what is rejected is over", () => {
    const root = stopped();
    const { id } = root.action("pending");
    expect(reject(disk, root.path, id, "", anna(root))).toEqual({
      refused: "a rejection says why",
    });
    expect(reject(disk, root.path, id, "not now", anna(root))).toHaveProperty("decision");
    expect(root.approve(root.action("pending"))).toBe("somebody has decided already");
    executorOf(root).tick();
    expect(root.action("rejected").decision).toMatchObject({ by: "anna", reason: "not now" });
    root.pass(600, 30);
    expect(root.actions("pending")).toEqual([]);
  });
});
