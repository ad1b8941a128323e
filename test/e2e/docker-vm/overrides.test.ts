// What a person keeps on a host to have a service otherwise than it is declared, from the file there
// to the container and back.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overridesReportSchema } from "../../../cli/overrides/report.ts";
import { deployReportSchema } from "../../../deploy/staged/report.ts";
import { CONFIG_FOLDER, ENV_NAME, OVERRIDE_NAME } from "../../../model/override-files.ts";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { driftOf } from "../support/drift.ts";
import { containerIds, homelabJson, on, openLab, preview, up, type Lab } from "../support/lab.ts";
import { previewLook } from "../support/planned-changes.ts";
import { HOST, made } from "./drift-class.ts";

const SERVICE = "bentopdf";
const FOLDER = `${CONFIG_FOLDER}/${SERVICE}`;
const FILE = `${FOLDER}/${OVERRIDE_NAME}`;

/** As it is declared. */
const DECLARED = ["134217728", "America/Asuncion", ""];
/** As it is overridden. */
const OTHERWISE = ["167772160", "Etc/UTC", "by-hand"];

let lab: Lab;
const host = deployedAfterwards(() => lab, HOST);
afterAll(() => on(lab, HOST, `rm -rf ${FOLDER}`));

beforeAll(async () => {
  lab = await openLab();
});

/** Writes the override, with further lines of the service. */
async function override(...more: readonly string[]): Promise<void> {
  const lines = ["mem_limit: ${MEMORY}", "environment: { TZ: Etc/UTC, SAID: by-hand }", ...more];
  await on(
    lab,
    HOST,
    `set -e
install -d ${FOLDER}
echo MEMORY=160m > ${FOLDER}/${ENV_NAME}
cat > ${FILE} <<'END'
services:
  ${SERVICE}:
${lines.map((line) => `    ${line}`).join("\n")}
END`,
  );
}

/** Limit of the container's memory, its zone, and what only an override says. */
async function container(): Promise<string[]> {
  const said = await on(
    lab,
    HOST,
    `docker inspect --format '{{.HostConfig.Memory}} {{.State.Health.Status}}' ${SERVICE}
docker exec ${SERVICE} sh -c 'echo "$TZ"; echo "$SAID"'`,
  );
  const [first = "", zone = "", word = ""] = said.split("\n");
  expect(first).toMatch(/ healthy$/);
  return [first.split(" ")[0] ?? "", zone, word];
}

describe("an override on a host", () => {
  it("is shown by overrides, drift and preview, and nothing else is", async () => {
    expect(await container()).toEqual(DECLARED);
    await override();
    const { code, answer } = await homelabJson(lab, ["overrides", HOST]);
    expect(code).toBe(0);
    const { overridden = [] } = overridesReportSchema.parse(answer).hosts[0] ?? {};
    expect(overridden.map(({ file, line, key, next }) => `${file}:${line} ${key} ${next}`)).toEqual(
      [
        `${FILE}:4 environment.TZ Etc/UTC`,
        `${FILE}:4 environment.SAID by-hand`,
        `${FILE}:3 mem_limit 160MiB`,
      ],
    );
    const drift = await driftOf(lab, [HOST]);
    expect(drift.rows.sort()).toEqual([
      `container ${SERVICE} changed: environment SAID *** -> -`,
      `container ${SERVICE} changed: environment TZ *** -> *** (another)`,
      `container ${SERVICE} changed: label homelab.spec * -> *`,
      `container ${SERVICE} changed: memory 160 MiB -> 128 MiB`,
      `plan ${HOST} changed: digest * -> *`,
    ]);
    const { changes } = await previewLook(lab, HOST);
    expect(changes).toEqual([...made(SERVICE), "host-plan"].sort());
  });

  it("is deployed, says so, and is then no drift", async () => {
    const before = await containerIds(lab, HOST);
    const args = ["deploy", HOST, "--only", "tools", "--offline"];
    const { code, answer } = await homelabJson(lab, args);
    const [deployed] = deployReportSchema.parse(answer).hosts;
    expect(code, JSON.stringify(deployed)).toBe(0);
    expect(await on(lab, HOST, `grep overridden ${deployed?.log ?? ""}`)).toContain(SERVICE);
    expect(await container()).toEqual(OTHERWISE);
    const after = await containerIds(lab, HOST);
    const anew = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(anew).toEqual([SERVICE]);
    expect(await driftOf(lab, [HOST])).toEqual({ code: 0, rows: [] });
  });

  it("with a mistake in it is one message with file, line and column, and nothing changes", async () => {
    const before = await containerIds(lab, HOST);
    await override("privileged: true");
    const place = `${FILE}:5:5: services.${SERVICE}.privileged`;
    const planned = await preview(lab, HOST);
    expect(planned.code).not.toBe(0);
    expect(planned.output.split(place)).toHaveLength(2);
    const { code, answer } = await homelabJson(lab, ["deploy", HOST, "--offline"]);
    expect(code).toBe(1);
    const [refused] = deployReportSchema.parse(answer).hosts;
    expect(refused).toMatchObject({ outcome: "failed", error: { code: "HL-OVERRIDE" } });
    expect(refused?.error?.message).toContain(place);
    expect(await containerIds(lab, HOST)).toEqual(before);
    expect(await container()).toEqual(OTHERWISE);
  });

  it("that is taken away gives back what is declared", async () => {
    await on(lab, HOST, `rm -r ${FOLDER}`);
    const { code, output } = await up(lab, HOST);
    expect(code, output).toBe(0);
    expect(await container()).toEqual(DECLARED);
    expect(await driftOf(lab, [HOST])).toEqual({ code: 0, rows: [] });
    host.isAsDeclared();
  });
});
