import { describe, expect, it } from "vitest";
import { dataWarnings } from "../../components/backup/data-guard.ts";
import { EMPTY_OBSERVATION, parseObservation } from "../../hosts/observation.ts";
import { dataKeepers, versionedBy } from "../../model/kept-data.ts";
import { parseWithoutCopy } from "../../model/without-copy.ts";
import { IMAGE_CONTRACTS, hostNamed } from "../support/fleet.ts";

const dockerVm = hostNamed("docker-vm");
const keepers = dataKeepers(dockerVm, { version: 1, images: {} }, IMAGE_CONTRACTS);
const keeper = (name: string) => keepers.find(({ service }) => service === name);

describe("the services that keep data", () => {
  it("are copied with their database, which comes last", () => {
    expect(keeper("immich-server")?.copies.map(({ restore }) => restore)).toEqual([
      "immich-server",
      "immich-db",
    ]);
    expect(keeper("paperless-db")?.copies.map(({ sidecar }) => sidecar)).toEqual([
      "paperless-backup",
    ]);
  });

  it("are not those whose data is made anew, nor the sidecars", () => {
    for (const name of ["paperless-redis", "bentopdf", "immich-ml", "paperless-backup"]) {
      expect(keeper(name), name).toBeUndefined();
    }
  });

  it("count as unable to go back where nobody has read what their versions do", () => {
    expect(keeper("homeassistant")?.rule).toEqual({ olderOpens: "never", newerOpens: true });
    expect(keeper("immich-db")?.rule).toEqual({ olderOpens: "same-major", newerOpens: false });
  });

  it("have the version of what a restore put back: of the dump where there is one", () => {
    expect(versionedBy(dockerVm, "immich-db", "immich-backup")).toEqual(["immich-server"]);
    expect(versionedBy(dockerVm, "immich-server", "immich-backup")).toEqual([]);
    expect(versionedBy(dockerVm, "vaultwarden", "vaultwarden-backup")).toEqual(["vaultwarden"]);
  });
});

describe("a preview", () => {
  const said = (lines: string) =>
    dataWarnings({
      alias: "vps",
      observation: { ...EMPTY_OBSERVATION, data: parseObservation(lines).data },
    });

  it("says whose data is copied first", () => {
    expect(said("data ntfy copied headscale-backup other \n")).toEqual([
      "before the image of ntfy changes, `pulumi up` sees to a copy of its data (headscale-backup, other)",
    ]);
  });

  it("says who changes without a copy because a person said so", () => {
    expect(said("data ntfy copied \n")).toEqual([
      "the image of ntfy changes without a copy of its data, as homelab:withoutCopy says",
    ]);
  });

  it("says of a refusal what the deployment would, and nothing of copies that it would not make", () => {
    expect(said("data a copied b\ndata ntfy refused ntfy on vps cannot go back\n")).toEqual([
      "`pulumi up` will be refused, and touch no container of vps:",
      "  ntfy on vps cannot go back.",
    ]);
  });

  it("says nothing where no image changes", () => {
    expect(said("")).toEqual([]);
  });
});

describe("homelab:withoutCopy", () => {
  it("names an image for each service", () => {
    expect(parseWithoutCopy(undefined, dockerVm)).toEqual({});
    expect(parseWithoutCopy({ grafana: "x:2" }, dockerVm)).toEqual({ grafana: "x:2" });
  });

  it("is refused where it names no service of the host, or is no text, and says how to mend it", () => {
    expect(() => parseWithoutCopy({ grafna: "x:2" }, dockerVm)).toThrow(
      "pulumi config rm --path 'homelab:withoutCopy.grafna' -s docker-vm",
    );
    expect(() => parseWithoutCopy({ grafana: 2 }, dockerVm)).toThrow("is not image by service");
  });
});
