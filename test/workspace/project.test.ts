import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { lockPathOf, openProject, secretState, siteOf } from "../../workspace/project.ts";
import { editYaml, projectFolder, type StackYaml } from "../cli/support/project-folder.ts";

let folder: string;

beforeEach(() => {
  folder = projectFolder();
});

function open() {
  return openProject({ PULUMI_OPTION_CWD: folder });
}

describe("the project", () => {
  it("is the checkout's own without PULUMI_OPTION_CWD", async () => {
    const project = await openProject({});
    expect(project.name).toBe("homelab");
    expect(project.folder).toBe(join(import.meta.dirname, "../.."));
  });

  it("has no salt and no secret in its committed stack files", async () => {
    const project = await openProject({});
    for (const file of Object.values(project.stacks)) {
      expect(file.salted).toBe(false);
      expect(JSON.stringify(file.config)).not.toContain("secure");
    }
  });

  it("takes a stack's own site settings before those of Pulumi.yaml", async () => {
    const shared = siteOf(await open(), "nas");
    editYaml<StackYaml>(folder, "Pulumi.nas.yaml", ({ config }) => {
      config["homelab:site"] = { ...shared, domain: "nas.example" };
    });
    const project = await open();
    expect(siteOf(project, "nas").domain).toBe("nas.example");
    expect(siteOf(project, "vps").domain).toBe(shared.domain);
  });

  it("reads relative paths from the program's folder, as the program itself does", async () => {
    editYaml<StackYaml>(folder, "Pulumi.vps.yaml", ({ config }) => {
      config["homelab:imageLock"] = "locks/vps.json";
    });
    const project = await open();
    expect(lockPathOf(project, "vps")).toBe(join(folder, "program", "locks", "vps.json"));
    expect(lockPathOf(project, "nas")).toBe(join(folder, "program", "images.lock.json"));
  });

  it.each([
    ["homelab:samba-password: hunter2: x", "line 2"],
    ["homelab:samba-password: *hunter2", "alias"],
    ["homelab:samba-password: [hunter2", "line"],
  ])(
    "says where a stack file is no YAML, and nothing of what is in it: %s",
    async (line, where) => {
      writeFileSync(join(folder, "Pulumi.nas.yaml"), `config:\n  ${line}\n`);
      const error: unknown = await open().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "HL-PROJECT" });
      expect(String(error)).toContain(where);
      expect(String(error)).toContain("Pulumi.nas.yaml");
      expect(String(error)).not.toContain("hunter2");
    },
  );

  it("tells an encrypted secret from a readable one and from none", async () => {
    editYaml<StackYaml>(folder, "Pulumi.nas.yaml", ({ config }) => {
      config["homelab:samba-password"] = { secure: "v1:x" };
      config["homelab:javya-db-password"] = "open";
    });
    const project = await open();
    expect(secretState(project, "nas", "samba-password")).toBe("encrypted");
    expect(secretState(project, "nas", "javya-db-password")).toBe("plain");
    expect(secretState(project, "nas", "restic-password")).toBe("missing");
  });

  it("takes a stack file without content for an empty one", async () => {
    writeFileSync(join(folder, "Pulumi.vps.yaml"), "");
    expect((await open()).stacks.vps.config).toEqual({});
  });
});
