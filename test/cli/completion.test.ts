import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { HOSTS } from "../../model/host-names.ts";
import { projectFolder } from "./support/project-folder.ts";

const ENTRY = join(import.meta.dirname, "../../cli/homelab.mjs");
let folder: string;
beforeAll(() => {
  folder = projectFolder();
});

/** What a command prints that a shell runs. */
function said(cwd: string, ...words: string[]): string {
  const env = { ...process.env, PULUMI_OPTION_CWD: cwd };
  return execFileSync("node", [ENTRY, "complete", ...words], { encoding: "utf8", env });
}

/** The words that a shell is offered after some. The last line says what else it may offer. */
function offered(words: readonly string[], cwd = folder): string[] {
  const lines = said(cwd, "--", ...words)
    .trim()
    .split("\n");
  return lines.slice(0, -1).map((line) => line.split("\t")[0] ?? "");
}

describe("a shell that completes the words of homelab", () => {
  it("is offered commands, also those of the sandbox, and options", () => {
    expect(offered([""])).toEqual(expect.arrayContaining(["deploy", "drift", "sandbox"]));
    expect(offered(["sandbox", ""])).toContain("reboot");
    expect(offered(["deploy", "--"])).toEqual(
      expect.arrayContaining(["--resume", "--after-outage"]),
    );
  });

  it("is offered hosts and services where a command takes one", () => {
    expect(offered(["drift", ""])).toEqual([...HOSTS]);
    expect(offered(["backup", "restore", "--host", ""])).toEqual([...HOSTS]);
    expect(offered(["why", "paperless-n"])).toEqual(["paperless-ngx"]);
    expect(offered(["adopt", "docker-vm", "jelly"])).toEqual(["jellyfin"]);
    expect(offered(["graph", "nas", "--without", "forg"])).toEqual(["forgejo", "forgejo-backup"]);
    expect(offered(["sandbox", "reboot", ""])).toEqual([...HOSTS]);
  });

  it("is offered the secrets, databases, stacks and formats that there are", () => {
    expect(offered(["secrets", "rotate", "grafana-"])).toContain("grafana-admin-password");
    expect(offered(["database", "convert", "paper"])).toEqual(["paperless-db"]);
    expect(offered(["deploy", "--only", "gi"])).toEqual(["git"]);
    expect(offered(["graph", "--format", ""])).toEqual(["text", "mermaid", "dot", "json"]);
  });

  it("is offered hosts also where the project cannot be read", () => {
    expect(offered(["drift", ""], "/")).toEqual([...HOSTS]);
    expect(offered(["why", ""], "/")).toEqual([]);
  });

  it.each(["bash", "zsh", "fish"])("has something to source in %s", (shell) => {
    expect(said(folder, shell)).toContain("homelab complete --");
  });
});
