import { describe, expect, it } from "vitest";
import { appComponent } from "../../../components/core/app.ts";
import { Host } from "../../../components/core/host.ts";
import { EMPTY_OBSERVATION } from "../../../hosts/observation.ts";
import { app } from "../../../model/app.ts";
import type { HostDeclaration } from "../../../model/declaration.ts";
import type { Site } from "../../../model/site.ts";
import { recordProgram } from "../../support/recorded-program.ts";
import { site } from "../../support/site.ts";

const IMAGE = "docker.io/library/notes:1.0";

function notes(_: Site, { memory }: { readonly memory: `${number}MiB` }) {
  return app({
    type: "homelab:tools:Notes",
    exposes: { page: "notes" },
    images: [],
    networks: [{ name: "notes-net" }],
    services: [
      {
        name: "notes",
        stack: "tools",
        image: IMAGE,
        networks: [{ name: "notes-net" }],
        mounts: [{ kind: "volume", volume: "notes-data", target: "/data" }],
        health: { test: ["CMD", "true"] },
        limits: { memory, cpus: 0.1 },
        category: "tools",
      },
    ],
    volumes: [{ name: "notes-data", notCopied: "made for a test" }],
  });
}

const Notes = appComponent(notes);

class NotesWithMore extends Notes {
  readonly more = "more";
}

/** What is registered when a component of the app is made. */
async function made(Component: typeof Notes) {
  const plan = notes(site, { memory: "64MiB" });
  const [service] = plan.services;
  const declaration: HostDeclaration = {
    host: "nas",
    networks: plan.networks ?? [],
    volumes: plan.volumes,
    gates: [],
    services: service ? [{ ...service, phase: 2 }] : [],
  };
  let field: unknown;
  const resources = await recordProgram("nas", {}, () => {
    const host = new Host("nas", {
      declaration,
      observation: EMPTY_OBSERVATION,
      lock: { version: 1, images: { [IMAGE]: `sha256:${"0".repeat(64)}` } },
      contracts: [],
      secret: () => {
        throw new Error("no secret is asked for");
      },
    });
    field = new Component("notes-app", { host, plan }).page.serviceName;
  });
  return { names: resources.map(({ type, name }) => `${type} ${name}`), field };
}

describe("the component of an app", () => {
  it("has the type of the app, what its plan says below it, and its services as fields", async () => {
    const { names, field } = await made(Notes);
    expect(names).toContain("homelab:tools:Notes notes-app");
    expect(names).toContain("docker:index/volume:Volume notes-data-volume");
    expect(names).toContain("docker:index/container:Container notes-container");
    expect(field).toBe("notes");
  });

  it("is extended by an app that makes more than its containers", async () => {
    const { names, field } = await made(NotesWithMore);
    expect(names).toContain("homelab:tools:Notes notes-app");
    expect(field).toBe("notes");
  });
});
