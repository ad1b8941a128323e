import { describe, expect, it } from "vitest";
import { forgejo, forgejoStart } from "../../../components/git/forgejo.plan.ts";
import { NAS_FOLDERS } from "../../../household/folders.ts";
import { serviceOf } from "../../support/plan.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";
import { withCopies } from "../../support/with-copies.ts";

const plan = withCopies(forgejo(site, { data: NAS_FOLDERS.forgejo }), "nas");
const server = serviceOf(plan, "forgejo");

const SETTINGS = "/data/gitea/conf/app.ini";

/** The key that a start hands to the image's own start script. */
function keyAtStart(settings?: string): string {
  const room = new ScriptRoom();
  if (settings !== undefined) room.file(SETTINGS, settings);
  const show = ["sh", "-c", 'echo "${FORGEJO__security__SECRET_KEY-none}"'];
  const { stdout, stderr } = room.run(forgejoStart(), [SETTINGS], show);
  expect(stderr).toBe("");
  return stdout;
}

describe("Forgejo", () => {
  it("offers its installer to nobody, and lets nobody sign up", () => {
    expect(server.env).toMatchObject({
      FORGEJO__security__INSTALL_LOCK: "true",
      FORGEJO__service__DISABLE_REGISTRATION: "true",
    });
  });

  it("names an address for cloning by ssh at which its port is published", () => {
    expect(server.env).toMatchObject({
      FORGEJO__server__SSH_DOMAIN: site.hosts.nas.lan,
      FORGEJO__server__SSH_PORT: "2222",
    });
    expect(server.ports).toContainEqual({
      bind: "0.0.0.0",
      host: 2222,
      container: 22,
      protocol: "tcp",
    });
  });

  it("finds its supervisor by name, for releases of its base differ in where they have it", () => {
    expect(server.command).toEqual(["/usr/bin/entrypoint", "s6-svscan", "/etc/s6"]);
  });

  it("lets root's supervisor stop the server, which runs as another user", () => {
    expect(server.capabilities).toContain("KILL");
  });

  it("has a copy job with memory for the household's own files beside the repositories", () => {
    expect(serviceOf(plan, "forgejo-backup").limits.memory).toBe("512MiB");
  });

  it("gets a key of its own at its first start, not the one that stands in its source", () => {
    const keys = [keyAtStart(), keyAtStart("[security]\nINSTALL_LOCK = false\nSECRET_KEY =\n")];
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it("keeps the key of a Forgejo that was installed", () => {
    expect(keyAtStart("[security]\nINSTALL_LOCK = true\nSECRET_KEY = old\n")).toBe("none");
  });
});
