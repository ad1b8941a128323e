import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { whyAnswerSchema } from "../../deploy/why/answer.ts";
import { projectFolder } from "./support/project-folder.ts";
import { runHomelab } from "./support/run-homelab.ts";

describe("homelab why", () => {
  it("says that nothing is known of a service whose host is away, and exits 1", async () => {
    const folder = projectFolder();
    const config = join(folder, "ssh-config");
    // A connection that ends before it begins; no packet is sent.
    writeFileSync(config, "Host *\n  ProxyCommand false\n");
    const environment = { PULUMI_OPTION_CWD: folder, HOMELAB_SSH_CONFIG: config };
    const run = await runHomelab(["why", "paperless-ngx", "--json"], environment);
    expect(run.exitCode).toBe(1);
    expect(whyAnswerSchema.parse(JSON.parse(run.stdout))).toMatchObject({
      service: { id: "docker-vm/paperless-ngx" },
      verdict: "unknown",
      causes: [{ id: "docker-vm", state: "away" }],
      next: "ssh docker-vm true",
    });
    const text = await runHomelab(["why", "paperless-ngx"], environment);
    expect(text.stdout).toMatch(
      /^paperless-ngx is out of sight: .*\n\n[^]*\n-> ssh docker-vm true\n$/,
    );
  }, 60_000);

  it.each([
    ["a word that is no service", "papers", '"papers" is no service or gate of any host'],
    ["a name that several hosts have", "caddy", "say which: vps/caddy, docker-vm/caddy"],
    ["a gate", "gate:nas-media", "npx homelab check docker-vm"],
  ])("refuses %s", async (_, word, message) => {
    const run = await runHomelab(["why", word]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("HL-USAGE");
    expect(run.stderr).toContain(message);
  });
});
