import { describe, expect, it } from "vitest";
import { RESTIC_ACCOUNTS } from "../../components/backup/restic/accounts.ts";
import { MESH_TAGS } from "../../components/networking/mesh-policy.plan.ts";
import { HOSTS } from "../../model/host-names.ts";
import { reservedName } from "../../model/reserved-names.ts";
import { findProblems } from "../../model/validate.ts";
import { hosts } from "../support/fleet.ts";

describe("a host's name", () => {
  it("is no tag of the mesh but the coordinator's own, and not the account that the home has", () => {
    const { vps: _own, ...tags } = MESH_TAGS;
    const taken = Object.values(tags).map((tag) => tag.slice("tag:".length));
    for (const name of [...taken, RESTIC_ACCOUNTS.home.user]) {
      expect(reservedName(name), name).toEqual([
        { path: "household/hosts.ts", message: expect.stringContaining(`"${name}"`) as string },
      ]);
    }
    expect(HOSTS.flatMap(reservedName)).toEqual([]);
  });

  it("that would be taken for another's is a mistake that is found before anything is made", () => {
    const [vps, ...others] = hosts;
    const renamed = { ...vps, host: "server" } as unknown as (typeof hosts)[number];
    expect(findProblems([renamed, ...others], [])).toContainEqual(reservedName("server")[0]);
  });
});
