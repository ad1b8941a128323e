import { describe, expect, it } from "vitest";
import { forgejoPlan } from "../../../components/git/forgejo.plan.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

const plan = forgejoPlan(site);
const forgejo = serviceOf(plan, "forgejo");

describe("Forgejo", () => {
  it("offers its installer to nobody, and lets nobody sign up", () => {
    expect(forgejo.env).toMatchObject({
      FORGEJO__security__INSTALL_LOCK: "true",
      FORGEJO__service__DISABLE_REGISTRATION: "true",
    });
  });

  it("names an address for cloning by ssh at which its port is published", () => {
    expect(forgejo.env).toMatchObject({
      FORGEJO__server__SSH_DOMAIN: site.hosts.nas.lan,
      FORGEJO__server__SSH_PORT: "2222",
    });
    expect(forgejo.ports).toContainEqual({
      bind: "0.0.0.0",
      host: 2222,
      container: 22,
      protocol: "tcp",
    });
  });

  it("lets root's supervisor stop the server, which runs as another user", () => {
    expect(forgejo.capabilities).toContain("KILL");
  });

  it("has a copy job with memory for the household's own files beside the repositories", () => {
    expect(serviceOf(plan, "forgejo-backup").limits.memory).toBe("512MiB");
  });
});
