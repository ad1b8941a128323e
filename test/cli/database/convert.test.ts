// The whole command against an imitated host: what it answers to the look and to the conversion.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pinned } from "../../../model/image-reference.ts";
import { service } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";
import { projectFolder } from "../support/project-folder.ts";
import { runHomelab } from "../support/run-homelab.ts";

const { image } = service("docker-vm/paperless-db");
const DIGEST = `sha256:${"a".repeat(64)}`;
const DECLARED = pinned(image, DIGEST);
const BEFORE = `docker.io/library/postgres:16-alpine@${DIGEST}`;
const KEPT = "/opt/homelab/replaced/paperless-db-data-20260101-020000";

/** Runs `homelab database convert paperless-db` for a host whose database runs an image. */
async function convert(running: string, ...words: readonly string[]) {
  const folder = projectFolder();
  const lock = JSON.stringify({ version: 1, images: { [image]: DIGEST } });
  writeFileSync(join(folder, "program/images.lock.json"), lock);
  const room = new ScriptRoom();
  room.program(
    "ssh",
    `script=$(cat)
printf '\\nhomelab-connected\\n'
case $script in
*homelab-convert*) printf 'converted\\nfact table public.documents|7|1\\nfact table public.tags|2|1\\nkept 0 ${KEPT}\\nend\\n' ;;
*) printf 'image ${running}\\nusers paperless-ngx \\nroom 9 99999999\\n' ;;
esac`,
  );
  return runHomelab(["database", "convert", "paperless-db", ...words], {
    PULUMI_OPTION_CWD: folder,
    PATH: `${room.path("/bin")}:${process.env["PATH"] ?? ""}`,
  });
}

describe("homelab database convert", () => {
  it("tells programs what was compared, and where what was replaced is kept", async () => {
    const { exitCode, stdout } = await convert(BEFORE, "--yes", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      host: "docker-vm",
      database: "paperless-db",
      from: BEFORE,
      to: DECLARED,
      converted: true,
      tables: 2,
      kept: [{ volume: "paperless-db-data", path: KEPT }],
    });
  });

  it("does nothing, and says so, where the declared image runs already", async () => {
    const { exitCode, stdout } = await convert(DECLARED, "--yes", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ converted: false, tables: 0, kept: [] });
  });

  it("asks no program: without --yes there is one error, before a host is reached", async () => {
    const { exitCode, stderr } = await convert(BEFORE, "--json");
    expect([exitCode, stderr]).toEqual([
      2,
      "error HL-CONFIRM: --json cannot ask; repeat with --yes\n",
    ]);
  });
});
