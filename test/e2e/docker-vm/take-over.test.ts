// The commands of docs/guides/take-over.md, on containers that Docker Compose started.
import { createReadStream } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { containers, homelab, on, openLab, up, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

const HOST = "docker-vm";
/** Where the person kept the compose file, and Grafana's data beside it. */
const FOLDER = "/root/old-homelab";
const COMPOSE = `cd ${FOLDER} && ./docker-compose --progress quiet --project-name old`;

let lab: Lab;
const host = deployedAfterwards(() => lab, HOST);
const words = randomBytes(24).toString("hex");

beforeAll(async () => {
  lab = await openLab();
  const images = await imagesOf("vaultwarden", "grafana");
  await uploadCompose();
  await on(lab, HOST, `cat > ${FOLDER}/compose.yaml <<'END'\n${composeFile(images)}END`);
  // The machine before it knew this program: no such containers, no such volumes. Only the job
  // that copies Grafana runs already, as after a first `up` that stopped at Grafana's name.
  await on(
    lab,
    HOST,
    `set -e
docker rm --force vaultwarden vaultwarden-backup grafana >/dev/null
docker volume rm vaultwarden-data >/dev/null
find "$(docker volume inspect --format '{{.Mountpoint}}' grafana-data)" -mindepth 1 -delete
mkdir -p ${FOLDER}/grafana
${COMPOSE} up --detach
docker exec old-vaultwarden-1 sh -c 'mkdir -p /data/attachments && echo ${words} > "/data/attachments/my passport.pdf"'
echo ${words} > ${FOLDER}/grafana/dashboards.txt`,
  );
});

afterAll(async () => {
  await on(
    lab,
    HOST,
    `${COMPOSE} down --volumes; rm -rf ${FOLDER}; docker rm --force old-vaultwarden-1 old-grafana 2>/dev/null || true`,
  );
});

/** The images that run here, as they are already on the machine. */
async function imagesOf(...names: string[]): Promise<Record<string, string>> {
  const format = "'{{.Config.Image}}'";
  const images = names.map(async (name) => [
    name,
    await on(lab, HOST, `docker inspect --format ${format} ${name}`),
  ]);
  return Object.fromEntries(await Promise.all(images)) as Record<string, string>;
}

function composeFile(images: Readonly<Record<string, string>>): string {
  return `services:
  vaultwarden:
    image: ${images["vaultwarden"]}
    restart: unless-stopped
    ports: ["127.0.0.1:8843:80"]
    volumes: ["data:/data"]
  grafana:
    image: ${images["grafana"]}
    container_name: grafana
    user: "0"
    volumes: ["./grafana:/var/lib/grafana"]
volumes:
  data:
`;
}

async function uploadCompose(): Promise<void> {
  const build = join(lab.settings.checkout, "toolchain/build.sh");
  const { stdout } = await execa(build, ["bench"], { env: { ...lab.env } });
  const program = join(stdout.trim().split("\n").at(-1) ?? "", "docker-compose");
  const script = `mkdir -p ${FOLDER} && cat > ${FOLDER}/docker-compose && chmod 0755 ${FOLDER}/docker-compose`;
  const config = lab.env["HOMELAB_SSH_CONFIG"] ?? "";
  await execa("ssh", ["-F", config, HOST, script], { input: createReadStream(program) });
}

const adopt = (...args: string[]) => homelab(lab, ["adopt", HOST, ...args, "--yes"]);

describe("a container that Docker Compose started", () => {
  it("is not taken over without its data: adopt says how to copy it, and changes nothing", async () => {
    const refused = await adopt("vaultwarden", "--from", "old-vaultwarden-1");
    expect(refused.code).toBe(2);
    expect(refused.output).toContain("--volume old_data=vaultwarden-data");
    expect((await containers(lab, HOST)).get("old-vaultwarden-1")).toMatch(/^Up/);
  });

  it("with a volume is removed once its data is copied and compared", async () => {
    const adopted = await adopt(
      "vaultwarden",
      ...["--from", "old-vaultwarden-1", "--volume", "old_data=vaultwarden-data"],
    );
    expect(adopted.code, adopted.output).toBe(0);
    expect(adopted.output).toContain("Copied old_data to vaultwarden-data");
    expect((await containers(lab, HOST)).has("old-vaultwarden-1")).toBe(false);
  });

  it("with a folder and a name of ours is removed in the same way", async () => {
    const adopted = await adopt("grafana", "--volume", `${FOLDER}/grafana=grafana-data`);
    expect(adopted.code, adopted.output).toBe(0);
    expect((await containers(lab, HOST)).has("grafana")).toBe(false);
  });

  it("leaves its bytes in the service that the stack then runs, and nothing more to do", async () => {
    const deployed = await up(lab, HOST);
    expect(deployed.code, deployed.output).toBe(0);
    const passport = "docker exec vaultwarden cat '/data/attachments/my passport.pdf'";
    expect(await on(lab, HOST, passport)).toBe(words);
    const dashboards = "docker exec grafana cat /var/lib/grafana/dashboards.txt";
    expect(await on(lab, HOST, dashboards)).toBe(words);
    const owner = "docker exec grafana stat -c %u:%g /var/lib/grafana/dashboards.txt";
    expect(await on(lab, HOST, owner)).toBe("472:0");
    expect(await plannedChanges(lab, HOST)).toEqual([]);
    host.isAsDeclared();
  });

  it("leaves what was copied from as it was", async () => {
    const old = "cat $(docker volume inspect --format '{{.Mountpoint}}' old_data)/attachments/*";
    expect(await on(lab, HOST, `${old} ${FOLDER}/grafana/dashboards.txt`)).toBe(
      `${words}\n${words}`,
    );
  });
});
