import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { parseAction, type Action } from "../../../control-plane/contract/actions.ts";
import { parseSupervisorState } from "../../../control-plane/contract/supervisor-state.ts";
import { parseHostWorld } from "../../../control-plane/contract/world.ts";
import { homelab, homelabJson, on, openLab, tryOn, type Lab } from "../support/lab.ts";

const HOST = "docker-vm";
/** Services that nothing else needs; of each a proposal is made once in five minutes. */
const [APPROVED, FORGED, BY_POLICY, AFTERWARDS] = ["bentopdf", "homepage", "dozzle", "watchtower"];
const STATE = "/opt/homelab/state/control-plane/supervisor.json";
/** Longer than a host is left alone by what stopped around its program's start. */
const JUST_BEGAN_MS = 61_000;

const folder = mkdtempSync(join(tmpdir(), "approve-"));
let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
  // What earlier tests had proposed counts no more.
  await on(
    lab,
    "vps",
    `docker stop control-plane-supervisor && rm -f ${STATE} && docker start control-plane-supervisor`,
  );
  await vi.waitFor(
    async () => {
      const { output } = await tryOn(lab, "vps", `cat ${STATE}`);
      expect(parseSupervisorState(output)?.blind).toBeNull();
    },
    { timeout: 60_000, interval: 500 },
  );
  const world = parseHostWorld(await on(lab, "vps", `cat /opt/homelab/world/${HOST}.json`));
  const ready = Date.parse(world?.program?.at ?? "") + JUST_BEGAN_MS;
  const seconds = Math.ceil((ready - Number(await on(lab, "vps", "date +%s%3N"))) / 1000);
  if (seconds > 0) await on(lab, "vps", `sleep ${seconds}`);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await tryOn(lab, HOST, `docker start ${APPROVED} ${FORGED} ${BY_POLICY} ${AFTERWARDS}`);
});

/** Stops a service by hand; answers when it had stopped, in milliseconds. */
async function stop(service: string): Promise<number> {
  return Number(await on(lab, HOST, `docker stop ${service} >/dev/null && date +%s%3N`));
}

/** Waits on the VPS for the action that starts a service. */
async function startOf(service: string): Promise<Action> {
  const script = `for _ in $(seq 300); do
  for file in $(grep -l '"state":"pending"' /opt/homelab/queue/*.json 2>/dev/null); do
    grep -q '"host":"${HOST}"' "$file" && grep -q '"target":"${service}"' "$file" && cat "$file" && exit
  done
  sleep 0.1
done
exit 1`;
  const action = parseAction(await on(lab, "vps", script));
  if (!action) throw new Error(`there is no action about ${service}`);
  return action;
}

/** What the host wrote down of an action, e.g. "began sandbox". */
async function audit(id: string): Promise<string[]> {
  const lines = await on(lab, HOST, `grep -h ${id} /opt/homelab/actor/audit/actor/*.jsonl`);
  return lines.split("\n").map((line) => {
    const { what, by } = JSON.parse(line) as { what: string; by?: string };
    return by === undefined ? what : `${what} ${by}`;
  });
}

async function stateOf(service: string): Promise<string> {
  return on(lab, HOST, `docker inspect --format '{{.State.Status}}' ${service}`);
}

describe("a service that somebody stopped by hand", () => {
  it("is recommended to be started within 5 seconds, and runs when that is approved at the desk", async () => {
    const stopped = await stop(APPROVED);
    const action = await startOf(APPROVED);
    expect(action.binding).toMatchObject({ host: HOST, verb: "start", target: APPROVED });
    expect(Date.parse(action.proposedAt) - stopped).toBeLessThan(5000);
    const { answer } = await homelabJson(lab, ["actions"]);
    expect((answer as readonly Action[]).map(({ id }) => id)).toContain(action.id);
    const key = join(lab.settings.folder, "ssh", "id");
    const approved = await homelab(lab, ["approve", action.id, "--yes", "--key", key]);
    expect(approved.code, approved.output).toBe(0);
    expect(await audit(action.id)).toEqual(["began sandbox", "ended sandbox"]);
    await expect
      .poll(() => on(lab, HOST, `docker inspect --format '{{.State.Health.Status}}' ${APPROVED}`))
      .toBe("healthy");
    const done = parseAction(await on(lab, "vps", `cat /opt/homelab/queue/${action.id}.json`));
    expect(done).toMatchObject({ state: "verified", claimedBy: HOST });
  });

  it("is not started by an order that a stranger signed: its host refuses it, and writes that down", async () => {
    const key = join(folder, "stranger");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    await stop(FORGED);
    const { id } = await startOf(FORGED);
    const refused = await homelab(lab, ["approve", id, "--yes", "--key", key]);
    expect(refused.code, refused.output).toBe(1);
    expect(refused.output).toContain("nobody whose key is on this host signed it");
    expect(await audit(id)).toEqual(["refused"]);
    expect(await stateOf(FORGED)).toBe("exited");
  });
});

describe("a service that a signed policy is about", () => {
  it("is started without a person, by the word of its host's own check, and no oftener than was signed", async () => {
    const key = join(lab.settings.folder, "ssh", "id");
    const file = join(folder, "policies.json");
    const about = { verbs: ["start"], hosts: [HOST], risks: ["low"] };
    const often = { hours: { from: "00:00", until: "00:00" }, atMost: { times: 1, hours: 1 } };
    const policy = { name: `test-${Date.now()}`, on: true, ...about, ...often };
    const sign = async (policies: readonly unknown[]): Promise<void> => {
      writeFileSync(file, JSON.stringify({ version: 1, policies }));
      const signed = await homelab(lab, ["policies", "sign", file, "--yes", "--key", key]);
      expect(signed.code, signed.output).toBe(0);
    };
    await sign([policy]);
    onTestFinished(() => sign([]));
    await stop(BY_POLICY);
    await expect.poll(() => stateOf(BY_POLICY), { timeout: 60_000 }).toBe("running");
    const by = `policy ${policy.name} of sandbox`;
    const last = `tail -n 1 /opt/homelab/actor/audit/actor/$(ls /opt/homelab/actor/audit/actor | tail -n 1)`;
    await expect.poll(() => on(lab, HOST, last), { timeout: 30_000 }).toContain(`"by":"${by}"`);
    await stop(AFTERWARDS);
    const { id } = await startOf(AFTERWARDS);
    await on(lab, "vps", "sleep 3");
    const waits = parseAction(await on(lab, "vps", `cat /opt/homelab/queue/${id}.json`));
    expect(waits?.state).toBe("pending");
    expect(await stateOf(AFTERWARDS)).toBe("exited");
  });
});

describe("the keys that may approve", () => {
  it("lie on each host where root alone writes", async () => {
    for (const host of ["vps", "nas", HOST] as const) {
      const files = "/etc/homelab/actor.json /etc/homelab/allowed_signers";
      expect(await on(lab, host, `stat -c '%a %u' /etc/homelab ${files}`), host).toBe(
        "755 0\n644 0\n644 0",
      );
    }
  });

  it("are in no container of the control plane", async () => {
    const mounted = `docker inspect --format '{{range .Mounts}}{{.Source}} {{end}}' $(docker ps --quiet --filter name=control-plane-)`;
    expect(await on(lab, "vps", mounted)).not.toContain("/etc/homelab");
  });
});
