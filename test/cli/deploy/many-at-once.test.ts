import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { DeployReport } from "../../../deploy/staged/report.ts";
import { CHECKOUT } from "../../support/rooms.ts";
import { jsonAnswer } from "../support/json-answer.ts";
import { imitateFleet, type ImitatedFleet } from "./imitated-fleet.ts";

/** So many at once: each is a process of Node.js that reads the whole declaration. Soak has 20. */
const RUNS = Number(process.env["HOMELAB_DEPLOYS_AT_ONCE"] ?? 6);

interface Ended {
  readonly pid: number;
  readonly code: number;
  readonly out: string;
}

/** Runs the command as a process of its own. */
async function deploy(fleet: ImitatedFleet): Promise<Ended> {
  const args = ["cli/homelab.mjs", "deploy", "nas", "--offline", "--json", "--root", fleet.root];
  const env = { ...process.env, ...fleet.env };
  const stdio = ["ignore", "pipe", "ignore"] as const;
  const child = spawn(process.execPath, args, { cwd: CHECKOUT, env, stdio: [...stdio] });
  if (!child.stdout) throw new Error("no output");
  const [out] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return { pid: child.pid ?? 0, code: child.exitCode ?? -1, out };
}

describe(`${RUNS} deployments of a host at once`, { timeout: 600_000 }, () => {
  it("are one that runs, and others that refuse while it does, name it, and run nothing", async () => {
    const fleet = await imitateFleet();
    // It does not end before all have asked.
    fleet.put("waits");
    const ended: Ended[] = [];
    const run = async (): Promise<void> => {
      ended.push(await deploy(fleet));
      if (ended.length === RUNS - 1) fleet.take("waits");
    };
    await Promise.all(Array.from({ length: RUNS }, run));
    const others = ended.slice(0, -1);
    const winner = ended.at(-1);
    expect(winner?.code).toBe(0);
    for (const { code, out } of others) {
      const {
        hosts: [host],
      } = await jsonAnswer<DeployReport>(["deploy"], out);
      expect({ code, outcome: host?.outcome }).toEqual({ code: 3, outcome: "refused" });
      expect(host?.error?.message).toContain(`process ${winner?.pid}`);
    }
    const ups = (fleet.read("pulumi-calls") ?? "").split("\n").filter((one) => /^up /.test(one));
    expect(ups).toHaveLength(1);
    expect(fleet.list("state/deploy/receipts")).toHaveLength(1);
    expect(fleet.state("lock")).toBeUndefined();
  });
});
