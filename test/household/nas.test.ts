import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { nfsExports, nfsExportsFile } from "../../components/storage/nfs-exports.plan.ts";
import { EXPORTED_FOLDERS } from "../../household/folders.ts";
import type { ServiceDeclaration } from "../../model/declaration.ts";
import { toMebibytes } from "../../model/units.ts";
import { findProblems } from "../../model/validate.ts";
import { site } from "../support/site.ts";
import { hostNamed, IMAGE_CONTRACTS } from "../support/fleet.ts";

const nas = hostNamed("nas");
const service = (name: string): ServiceDeclaration => {
  const found = nas.services.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
};

const hardOf = (name: string): string[] =>
  (service(name).requires ?? []).flatMap(({ on, strength }) => (strength === "hard" ? [on] : []));

describe("the NAS", () => {
  it("starts the backup server first", () => {
    expect(nas.services[0]?.name).toBe("restic-rest");
  });

  it("can be declared without a mistake", () => {
    expect(findProblems([nas], IMAGE_CONTRACTS)).toEqual([]);
  });

  it("sums up to the memory limits of the reference, and 384 MiB more for the copies of the household's files", () => {
    const sum = nas.services.reduce((total, { limits }) => total + toMebibytes(limits.memory), 0);
    expect(sum).toBe(4992);
  });

  it("copies Forgejo's database as one moment's state, and waits for a healthy Forgejo", () => {
    const backup = service("forgejo-backup");
    const script = backup.files?.find(({ target }) => target === "/backup.sh")?.content;
    expect(script?.kind === "text" ? script.text : "").toContain("/data/gitea/gitea.db");
    expect(backup.requires?.[0]).toMatchObject({ on: "forgejo", condition: "healthy" });
  });

  it("copies Coolify's settings too, without which its dumps cannot be read", () => {
    expect(service("coolify-backup").backup?.protects).toEqual(
      expect.arrayContaining([
        "/data/coolify/backups",
        "/data/coolify/ssh/keys",
        "/data/coolify/source",
      ]),
    );
  });

  it("runs its backup jobs at the documented times", () => {
    const times = Object.fromEntries(
      nas.services.flatMap(({ name, files = [] }) =>
        files
          .filter(({ target }) => target === "/etc/crontabs/root")
          .map(({ content }) => [name, content.kind === "text" ? content.text : ""]),
      ),
    );
    expect(times).toEqual({
      "offsite-sync": "30 4 * * * /backup.sh\n",
      "forgejo-backup": "45 3 * * * /backup.sh\n",
      "coolify-backup": "30 3 * * * /backup.sh\n",
    });
  });

  it("lets Samba's three shares be listed and opened by one person", () => {
    const config = service("samba").files?.find(({ target }) =>
      target.endsWith("smb.conf"),
    )?.content;
    const text = config?.kind === "text" ? config.text : "";
    expect(text.match(/^\[(?!global)\w+\]$/gm)).toEqual(["[media]", "[data]", "[downloads]"]);
    expect(text.match(/valid users = admin/g)).toHaveLength(3);
    expect(text).not.toMatch(/guest ok = yes/);
  });

  it("starts Javya's backend after a healthy database, with secrets its own user can read", () => {
    const backend = service("javya-backend");
    expect(backend.requires).toMatchObject([{ on: "javya-db", condition: "healthy" }]);
    for (const { content, owner } of backend.files ?? []) {
      if (content.kind === "secret") expect(owner).toBe(backend.user);
    }
  });

  it("takes Coolify as it was installed, and gives its Traefik the sites of Javya", () => {
    const [coolify] = nas.externals ?? [];
    // As its containers are: made anew by compose they could be of another release.
    expect(coolify?.start.slice(0, 2)).toEqual(["docker", "start"]);
    const [text = ""] = Object.values(coolify?.files ?? {});
    const { http } = parse(text) as { http: { services: Record<string, unknown> } };
    expect(Object.keys(http.services)).toEqual(["javya-backend", "javya-frontend"]);
    const known = nas.services.map(({ name }) => name);
    expect(Object.keys(coolify?.usedBy ?? {}).every((name) => known.includes(name))).toBe(true);
  });

  it("exports media writable to the Docker VM, and photos, which Immich needs", () => {
    const exports = nfsExports(site, EXPORTED_FOLDERS);
    const client = site.hosts["docker-vm"].lan;
    for (const path of ["/srv/media", "/srv/photos"]) {
      const found = exports.find((entry) => entry.path === path);
      expect(found).toMatchObject({ client });
      expect(found?.options.startsWith("rw,")).toBe(true);
    }
    expect(nfsExportsFile(exports).split("\n")[0]).toBe(
      `/srv/frigate ${client}(rw,sync,no_subtree_check,no_root_squash)`,
    );
  });

  it("hands the backups to nobody but restic's REST server and the off-site job", () => {
    expect(nfsExports(site, EXPORTED_FOLDERS).map(({ path }) => path)).not.toContainEqual(
      expect.stringContaining("backup"),
    );
    const withBackups = nas.services.filter(({ mounts = [] }) =>
      mounts.some((mount) => mount.kind === "bind" && mount.source.startsWith("/srv/backup")),
    );
    expect(withBackups.map(({ name }) => name)).toEqual(["restic-rest", "offsite-sync"]);
  });

  it("starts nothing on a folder of the NAS whose disk may be away", () => {
    const gates = new Map(
      nas.gates.flatMap((gate) =>
        gate.kind === "folder" ? [[gate.path, `gate:${gate.name}`] as const] : [],
      ),
    );
    for (const { name, mounts = [], requires = [] } of nas.services) {
      for (const mount of mounts) {
        // Its own gate, or that of the service it copies.
        if (mount.kind !== "bind" || !mount.source.startsWith("/srv/")) continue;
        const own = requires.filter(({ strength }) => strength === "hard").map(({ on }) => on);
        const all = own.flatMap((on) => [on, ...(on.startsWith("gate:") ? [] : hardOf(on))]);
        expect(all, `${name} and ${mount.source}`).toContain(gates.get(mount.source));
      }
    }
  });
});
