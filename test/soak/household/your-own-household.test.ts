// docs/guides/your-own-household.md, done in a copy of the checkout and deployed to the two bare
// machines that the copy's sandbox makes of its hosts.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namesOfThisHomeIn } from "../../support/names-of-this-home.ts";
import {
  HOSTS,
  on,
  ownHousehold,
  troubledOn,
  visit,
  type OwnHousehold,
} from "../support/own-household.ts";

let home: OwnHousehold;

beforeAll(async () => {
  home = await ownHousehold();
});

afterAll(() => home.remove());

describe("the household that the guide makes, on two bare machines", () => {
  it("has its stacks and secrets made, but for the one that only a person has", async () => {
    const made = await home.homelab("secrets", "init");
    expect(made.code, made.output).toBe(0);
    expect(made.output).toContain("frigate-orchard-password");
    await home.setSecret("burrow", "frigate-orchard-password", "of-the-camera-in-the-orchard");
    const valid = await home.homelab("validate");
    expect(valid.code, valid.output).toBe(0);
  });

  it.each(HOSTS)("is deployed to %s, where every container becomes healthy", async (host) => {
    const { code, output } = await home.up(host);
    expect(code, output.slice(-6000)).toBe(0);
    expect(await troubledOn(host)).toEqual([]);
  });

  it("is one mesh under its own names", async () => {
    const members = await on("burrow", "tailscale status");
    expect(members).toMatch(/^100\.64\.0\.1 +beacon\b/m);
    expect(members).toMatch(/^100\.64\.0\.2 +burrow\b/m);
  });

  it("serves its sites under its own domain", async () => {
    expect(await visit("hearth", "/manifest.json")).toBe("200");
    expect(await visit("lookout", "/api/version")).toBe("200");
  });

  it("copies both hosts to the storage, which is the home itself", async () => {
    const copied = await home.homelab("backup", "run", "beacon", "burrow");
    expect(copied.code, copied.output).toBe(0);
    const kept = await on("burrow", "cd /srv/backup/restic && ls -d */*");
    expect(kept.split("\n")).toEqual(
      expect.arrayContaining(["beacon/beacon", "homelab/caddy", "homelab/homeassistant"]),
    );
  });

  it("keeps recordings in its own folder, and mounts nothing", async () => {
    expect(await on("burrow", "ls /srv/frigate")).toContain("recordings");
    expect(await on("burrow", "findmnt --list --noheadings --output TARGET")).not.toContain(
      "/mnt/",
    );
  });

  it("has nothing of this home in its containers and files", async () => {
    for (const host of HOSTS) {
      const made = await on(
        host,
        `docker ps --all --quiet | xargs docker inspect
        docker network ls; docker volume ls; cat /opt/homelab/desired/*.json
        find /opt/homelab/files -type f -exec cat {} +`,
      );
      expect(namesOfThisHomeIn(made), host).toEqual([]);
    }
  });

  it.each(HOSTS)("has nothing left to change on %s", async (host) => {
    const preview = await home.pulumi(["preview", "--expect-no-changes", "--stack", host]);
    expect(preview.code, preview.output.slice(-6000)).toBe(0);
  });
});
