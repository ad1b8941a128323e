import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyCheckout, type CheckoutCopy } from "../support/checkout-copy.ts";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { lockUnderAnotherName } from "../support/image-lock.ts";
import { containerIds, on, openLab, preview, up, type Lab } from "../support/lab.ts";

const OLD = "ghcr.io/alam00000/bentopdf:v2.5.0";
const NEW = "ghcr.io/alam00000/bentopdf:v2.5.1";
const PLAN = "components/tools/bentopdf.plan.ts";

let lab: Lab;
let copy: CheckoutCopy;
let restoreLock: () => Promise<void>;
const host = deployedAfterwards(() => lab, "docker-vm");

beforeAll(async () => {
  lab = await openLab();
  copy = await copyCheckout(lab);
  restoreLock = await lockUnderAnotherName(lab, OLD, NEW);
});

afterAll(async () => {
  await restoreLock();
  await copy.remove();
});

describe("a commit that changes only the README", () => {
  it("changes nothing", async () => {
    await writeFile(join(copy.folder, "README.md"), "# another text\n");
    await copy.commit("README");
    const { code, output } = await preview(lab, "docker-vm", ["--expect-no-changes"], copy.env);
    expect(code, output).toBe(0);
  });
});

describe("going back to the commit before", () => {
  it("leaves the containers as they were, blocks nothing, and keeps every volume's content", async () => {
    const start = await head();
    const idsBefore = await containerIds(lab, "docker-vm");
    const facts = await factsOf("bentopdf");
    await on(
      lab,
      "docker-vm",
      `docker run --rm --user 0:0 --volume vaultwarden-data:/d --entrypoint sh ${await imageOf("bentopdf")} -c 'echo kept > /d/rollback-test'`,
    );

    await copy.replace(
      PLAN,
      "image: BENTOPDF_2_5_IMAGE.reference,\n        env",
      `image: "${NEW}",\n        env`,
    );
    await copy.replace(PLAN, `memory: "128MiB", cpus: 0.25`, `memory: "160MiB", cpus: 0.25`);
    await copy.replace(PLAN, "    services: [\n", `    services: [\n${ADDED_SERVICE}`);
    await copy.replace(
      PLAN,
      "volumes: []",
      `volumes: [{ name: "notes-data", notCopied: "made for this test" }]`,
    );
    await copy.replace(
      PLAN,
      "images: [BENTOPDF_2_5_IMAGE]",
      `images: [BENTOPDF_2_5_IMAGE, { ...BENTOPDF_2_5_IMAGE, reference: "${NEW}" }]`,
    );
    await copy.commit("a new version, another limit, and one more service");
    const forward = await up(lab, "docker-vm", [], copy.env);
    expect(forward.code, forward.output).toBe(0);
    expect(await factsOf("bentopdf")).toContain("v2.5.1");
    expect(await factsOf("bentopdf")).toContain(String(160 * 1024 * 1024));
    await on(lab, "docker-vm", "docker exec --user 0:0 notes sh -c 'echo written > /notes/text'");

    await copy.checkout(start);
    const back = await up(lab, "docker-vm", [], copy.env);
    expect(back.code, back.output).toBe(0);

    const idsAfter = await containerIds(lab, "docker-vm");
    const changed = Object.keys(idsBefore).filter((name) => idsBefore[name] !== idsAfter[name]);
    expect(changed).toEqual(["bentopdf"]);
    expect(Object.keys(idsAfter)).not.toContain("notes");
    expect(await factsOf("bentopdf")).toBe(facts);
    const read = (volume: string, file: string) =>
      imageOf("bentopdf").then((image) =>
        on(
          lab,
          "docker-vm",
          `docker run --rm --user 0:0 --volume ${volume}:/d --entrypoint cat ${image} /d/${file}`,
        ),
      );
    expect(await read("notes-data", "text")).toBe("written");
    expect(await read("vaultwarden-data", "rollback-test")).toBe("kept");
    // Nobody declares it any more, which drift would say.
    await on(lab, "docker-vm", "docker volume rm notes-data");
    host.isAsDeclared();
  });
});

const ADDED_SERVICE = `      {
        name: "notes",
        stack: "tools",
        image: "${OLD}",
        networks: [{ name: "caddy-net" }],
        mounts: [{ kind: "volume", volume: "notes-data", target: "/notes" }],
        health: { test: ["CMD-SHELL", "wget -q --spider http://localhost:8080/ || exit 1"] },
        limits: { memory: "128MiB", cpus: 0.25 },
        category: "tools",
      },
`;

async function head(): Promise<string> {
  return (await execa("git", ["rev-parse", "HEAD"], { cwd: copy.folder })).stdout;
}

function imageOf(container: string): Promise<string> {
  return on(lab, "docker-vm", `docker inspect --format '{{.Config.Image}}' ${container}`);
}

/** What a container is made of, without what is new in every container. */
function factsOf(container: string): Promise<string> {
  const format =
    "{{.Config.Image}} {{.HostConfig.Memory}} {{json .Config.Env}} {{json .Config.Labels}} {{json .HostConfig.CapAdd}}";
  return on(lab, "docker-vm", `docker inspect --format '${format}' ${container}`);
}
