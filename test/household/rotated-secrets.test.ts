import { describe, expect, it } from "vitest";
import { DOORS, WITHOUT_DOOR } from "../e2e/support/rotated-secrets.ts";
import { hosts, imageContract, SECRETS } from "../support/fleet.ts";

/** Secrets of which the command says that a deployment is all there is to do. */
const byDeployment = Object.entries(SECRETS)
  .filter(([, { origin, rotation }]) => origin.kind === "generated" && rotation.kind === "deploy")
  .map(([name]) => name);

describe("every secret", () => {
  it("that a deployment rotates is tried at its door in the sandbox, or it says why it cannot be", () => {
    const told = [...Object.keys(DOORS), ...Object.keys(WITHOUT_DOOR)];
    expect(told.toSorted()).toEqual(byDeployment.toSorted());
  });

  it("that a program reads at its first start only is changed by a command of ours, or by a person", () => {
    const read = hosts
      .flatMap(({ services }) => services)
      .flatMap((service) => {
        const { image, env = {}, files = [], databaseRole } = service;
        const first = imageContract(image)?.firstStartOnly.value ?? [];
        return Object.entries(env).flatMap(([variable, path]) => {
          const content = files.find(({ target }) => target === path)?.content;
          if (!first.includes(variable.replace(/_{1,2}FILE$/, ""))) return [];
          if (content?.kind !== "secret" || content.secret === databaseRole?.secret) return [];
          return [content.secret];
        });
      });
    expect(read.toSorted()).toEqual(["grafana-admin-password", "paperless-admin-password"]);
    expect(read.filter((name) => byDeployment.includes(name))).toEqual([]);
  });

  it("that no deployment rotates says what a person has to do, or comes from a person", () => {
    for (const [name, { origin, rotation }] of Object.entries(SECRETS)) {
      if (byDeployment.includes(name) || origin.kind === "person") continue;
      expect(rotation.kind === "by-hand" ? rotation.steps.length : 0, name).toBeGreaterThan(1);
    }
  });
});
