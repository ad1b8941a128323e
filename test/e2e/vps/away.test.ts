import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { setLink } from "../../../sandbox/network.ts";
import { AWAY_PORT } from "../../../sandbox/project.ts";
import { on, openLab, tryOn, type Lab } from "../support/lab.ts";

const UNIT = "trial-webhook";
const HEARD = `/run/${UNIT}`;
const OBSERVER = "control-plane-observer";
/** Keeps what it is sent, a line for each. */
const WEBHOOK = `require("node:http").createServer((request, response) => {
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", () => {
    require("node:fs").appendFileSync("${HEARD}", text + "\\n");
    response.end();
  });
}).listen(${AWAY_PORT});`;
const WAIT = { timeout: 120_000, interval: 1000 };

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
  await on(
    lab,
    "nas",
    `rm -f ${HEARD}; : >${HEARD}; cat >${HEARD}.js <<'END'\n${WEBHOOK}\nEND\nsystemd-run --quiet --unit ${UNIT} node ${HEARD}.js`,
  );
});
afterAll(async () => {
  await setLink(lab.settings, "vps", "restore");
  await tryOn(lab, "vps", `docker start ${OBSERVER}`);
  await tryOn(lab, "nas", `systemctl stop ${UNIT}; rm -f ${HEARD} ${HEARD}.js`);
});

async function heard(): Promise<{ kind: string; cause: string; title: string }[]> {
  const text = await on(lab, "nas", `cat ${HEARD}`);
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as never]));
}

describe("a VPS that is away, and ntfy with it", () => {
  it("is told to the webhook by the Docker VM, once", async () => {
    // So that what answers later is no Observer.
    await on(lab, "vps", `docker stop ${OBSERVER}`);
    await setLink(lab.settings, "vps", "cut");
    await vi.waitFor(async () => {
      expect((await heard()).map(({ kind, cause }) => `${kind} ${cause}`)).toEqual(["began vps"]);
    }, WAIT);
    const [began] = await heard();
    expect(began?.title).toBe("vps does not answer docker-vm");
  });

  it("is told to be back, once, also when its Observer stays stopped, for a port that refuses is a sign of life", async () => {
    // Started anew in between it knows what it told.
    await on(lab, "docker-vm", "systemctl restart docker-boot-orchestrator");
    await setLink(lab.settings, "vps", "restore");
    await vi.waitFor(async () => {
      expect((await heard()).map(({ kind }) => kind)).toEqual(["began", "ended"]);
    }, WAIT);
    expect((await tryOn(lab, "vps", `docker exec ${OBSERVER} true`)).code).not.toBe(0);
  });
});
