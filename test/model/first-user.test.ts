import { describe, expect, it } from "vitest";
import { parseObservation, observationScript } from "../../hosts/observation.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { UserError } from "../../model/errors.ts";
import { assertFirstUserKept, FIRST_USER_FILE, type FirstUser } from "../../model/first-user.ts";
import { HOSTS } from "../../model/host-names.ts";
import { hostNamed } from "../support/fleet.ts";
import { ScriptRoom } from "../support/script.ts";
import { site } from "../support/site.ts";

const steps = hostNamed("vps").renamingUser ?? [];
const renamed: FirstUser = { host: "vps", declared: "ana", deployed: "admin", steps };

function refusal(user: FirstUser): string {
  try {
    assertFirstUserKept(user);
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "";
}

describe("another first user than a host was deployed with", () => {
  it("is refused, with the command for each program that keeps the former among its data", () => {
    const said = refusal(renamed);
    expect(said).toMatch(/^HL-ADMIN-USER: .*"ana".* deployed with "admin".*Nothing was changed/);
    expect(said).toContain("headscale users rename --name admin --new-name ana\n");
    expect(said).toContain(`\\"update user set username = 'ana' where username = 'admin'\\""`);
    expect(said).toContain(`  3. ssh vps "echo ana >${FIRST_USER_FILE}"`);
    expect(said).not.toMatch(/[{}]/);
  });

  it("is nobody's matter where none was deployed, where it is the same, and where nobody keeps it", () => {
    expect(refusal({ ...renamed, deployed: undefined })).toBe("");
    expect(refusal({ ...renamed, deployed: "ana" })).toBe("");
    expect(refusal({ ...renamed, host: "nas", steps: [] })).toBe("");
  });

  it("is seen in what the last deployment left on the host", () => {
    const room = new ScriptRoom();
    room.file(FIRST_USER_FILE, "admin\n");
    room.program("docker");
    const { stdout } = room.run(observationScript([]), ["/opt/homelab"]);
    expect(parseObservation(stdout).firstUser).toBe("admin");
    expect(parseObservation("").firstUser).toBeUndefined();
  });
});

/** Programs that a deployment gives another first user, and how. */
const FOLLOW: Readonly<Record<string, string>> = {
  "vps/adguard": "its start script renames the user that it made",
  "vps/ntfy": "removes users that were declared and no longer are (user/manager.go)",
  "vps/headscale-backup": "only copies the files that Headscale has",
  "nas/samba": "makes its user at each start, in the container (samba.sh)",
  "docker-vm/authelia": "knows the users of its file and no others",
};

/** Programs that keep the user among their own data, by the first word of their step. */
const KEEP: Readonly<Record<string, string>> = {
  "vps/headscale": "Headscale",
  "docker-vm/grafana": "Grafana",
  "docker-vm/paperless-ngx": "Paperless",
};

describe("every program that has the first user", () => {
  it("follows with a deployment, or a person is told what to do", () => {
    const other = declareFleet({ ...site, adminUser: "ana" });
    const concerned = HOSTS.flatMap((host) =>
      hostNamed(host).services.flatMap((service, index) => {
        const now = other[host].declaration.services[index];
        return JSON.stringify(now) === JSON.stringify(service) ? [] : [`${host}/${service.name}`];
      }),
    );
    expect(concerned.toSorted()).toEqual([...Object.keys(FOLLOW), ...Object.keys(KEEP)].toSorted());
  });

  it("has a step of its own where it keeps the user; Uptime Kuma's is made through its page", () => {
    const words = HOSTS.map((host) =>
      (hostNamed(host).renamingUser ?? []).map((step) => /^[A-Z][\w ]+?(?=[:,])/.exec(step)?.[0]),
    );
    expect(words).toEqual([["Headscale", "Uptime Kuma"], [], ["Paperless", "Grafana"]]);
    expect(words.flat()).toEqual(expect.arrayContaining(Object.values(KEEP)));
  });
});
