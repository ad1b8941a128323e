import { beforeAll, describe, expect, it } from "vitest";
import { chosenServices, targetsOf } from "../../deploy/staged/services.ts";
import type { HostName } from "../../model/host-names.ts";
import { RUN_SCRIPT } from "../../components/core/handed-script.ts";
import { dataKeepers } from "../../model/kept-data.ts";
import { stopSeconds } from "../../model/stop-time.ts";
import { hostNamed } from "../support/fleet.ts";
import { isLoaded } from "../support/loaded.ts";
import { isValidShell } from "../support/shell.ts";
import type { RecordedResource } from "../support/recorded-program.ts";
import { CANARY, holdsSecret, inUrn, namedBy, recordStack } from "../support/stack-program.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
const COMMAND = "command:local:Command";
const SERVICE = "homelab:core:Service";

const NO_LOCK = { version: 1, images: {} } as const;

/** A whole program hashes many passwords, on a machine that may be busy. */
const RUN_MILLISECONDS = 120_000;

/** "30s", "1m0s", "1h30m0s": as Go prints a duration, which is how the engine reads it back. */
const GO_DURATION = /^(\d+h[0-5]?\dm[0-5]?\ds|[1-5]?\dm[0-5]?\ds|[1-5]?\ds)$/;

/** What of a container's inputs is looked at here. */
interface ContainerInputs {
  readonly name: string;
  readonly image: string;
  readonly memory: number;
  readonly memorySwap: number;
  readonly cpus: string;
  readonly destroyGraceSeconds: number;
  readonly stopTimeout: number;
  readonly capabilities: { readonly adds: readonly string[]; readonly drops: readonly string[] };
  readonly securityOpts: readonly string[];
  readonly logOpts: Readonly<Record<string, string>>;
  readonly healthcheck: Readonly<Record<string, unknown>>;
  readonly labels: readonly { readonly label: string; readonly value: string }[];
}

/**
 * What holds for every resource of a stack's whole program, run on mocks. It stands in one
 * place because the three hosts have the same house rules; each has a test file of its own,
 * because Pulumi's runtime is one for each process.
 */
export function describeProgram(host: HostName): void {
  let resources: RecordedResource[] = [];
  const { services, volumes, renamingUser = [] } = hostNamed(host);
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const containers = () =>
    ofType(CONTAINER).map((resource) => ({
      resource,
      inputs: resource.inputs as unknown as ContainerInputs,
    }));

  beforeAll(async () => {
    resources = await recordStack(host);
  }, RUN_MILLISECONDS);

  describe(`the program of ${host}`, () => {
    it("makes what the reviewed list says, each with the URN that it has there", async () => {
      const list = resources.map((resource) => `${inUrn(resource)}\n`).sort();
      await expect(list.join("")).toMatchFileSnapshot(`golden/${host}.txt`);
    });

    it("makes one container with one health gate for each declared service", () => {
      const names = services.map(({ name }) => name).sort();
      expect(
        containers()
          .map(({ inputs }) => inputs.name)
          .sort(),
      ).toEqual(names);
      for (const { resource, inputs } of containers()) {
        const gate = resources.find(({ name }) => name === `${inputs.name}-gate`);
        expect(gate?.dependencies.map(namedBy), inputs.name).toContain(
          `${CONTAINER} ${resource.name}`,
        );
        expect(gate?.inputs["stdin"]).toContain(` id='${resource.name}-id' `);
      }
    });

    it("is made whole, for the services of each of its stacks, by a run of --only, and nothing of another's", () => {
      const made = resources.filter(({ type }) => type !== SERVICE);
      for (const only of new Set(services.map(({ stack }) => stack))) {
        const chosen = chosenServices(hostNamed(host), only);
        const targets = new Set(targetsOf(chosen));
        const isOf = ({ parent }: RecordedResource): boolean =>
          chosen.some(({ name }) => parent.endsWith(`${SERVICE}::${name}`));
        const isTargeted = ({ name }: RecordedResource) => targets.has(`**::${name}`);
        expect(
          made.filter((one) => isOf(one) && !isTargeted(one)),
          only,
        ).toEqual([]);
        const others = made.filter((one) => isTargeted(one) && one.parent.includes(`${SERVICE}::`));
        expect(
          others.filter((one) => !isOf(one)),
          only,
        ).toEqual([]);
        expect(made.filter(isOf).length, only).toBeGreaterThanOrEqual(2 * chosen.length);
      }
    });

    it("pins every image to its digest, and has one step pull all of them before a container is touched", () => {
      const script = String(resources.find(({ name }) => name === "images")?.inputs["stdin"]);
      expect(isValidShell(script)).toBe(true);
      for (const { resource, inputs } of containers()) {
        expect(inputs.image).toMatch(/^[^@]+:[^@]+@sha256:[0-9a-f]{64}$/);
        const [name, digest] = inputs.image.split(/:[^:/]+@/);
        expect(script).toContain(JSON.stringify({ name, digest, auth: null }));
        expect(resource.dependencies.map(namedBy)).toContain(`${COMMAND} images`);
      }
    });

    it("limits memory without swap on top, and processors, in the form the engine reads back", () => {
      for (const { inputs } of containers()) {
        expect(inputs.memorySwap, inputs.name).toBe(inputs.memory);
        expect(inputs.memory).toBeGreaterThan(0);
        expect(inputs.cpus, inputs.name).toMatch(/^\d+\.(0|\d*[1-9])$/);
      }
    });

    it("asks for health in the form of duration that the engine reads back", () => {
      for (const { inputs } of containers()) {
        for (const field of ["interval", "timeout", "startPeriod", "startInterval"]) {
          expect(inputs.healthcheck[field], `${inputs.name} ${field}`).toMatch(GO_DURATION);
        }
      }
    });

    it("drops all capabilities but the listed ones, and forbids new privileges", () => {
      for (const { inputs } of containers()) {
        expect(inputs.capabilities.drops, inputs.name).toEqual(["ALL"]);
        expect(inputs.capabilities.adds.filter((one) => !one.startsWith("CAP_"))).toEqual([]);
        expect(inputs.capabilities.adds).toEqual([...inputs.capabilities.adds].sort());
        expect(inputs.securityOpts).toContain("no-new-privileges:true");
        expect(inputs).not.toHaveProperty("privileged");
      }
    });

    it("stops politely, rotates logs, and leaves it to the host what starts at boot", () => {
      for (const { inputs } of containers()) {
        expect(inputs.destroyGraceSeconds, inputs.name).toBeGreaterThanOrEqual(1);
        expect(inputs).toMatchObject({
          restart: "on-failure",
          removeVolumes: false,
          logDriver: "json-file",
        });
        expect(inputs.logOpts["max-size"], inputs.name).toMatch(/^\d+m$/);
        expect(Number(inputs.logOpts["max-file"]), inputs.name).toBeGreaterThanOrEqual(1);
        expect(inputs).not.toHaveProperty("platform");
      }
    });

    it("tells the engine and the provider the same time to stop, the declared one", () => {
      const declared = new Map(services.map((service) => [service.name, stopSeconds(service)]));
      for (const { inputs } of containers()) {
        expect(inputs.stopTimeout, inputs.name).toBe(declared.get(inputs.name));
        expect(inputs.destroyGraceSeconds, inputs.name).toBe(inputs.stopTimeout);
      }
    });

    it("makes a new container for what the provider would not change in place", () => {
      for (const { resource } of containers()) {
        expect(resource.deleteBeforeReplace, resource.name).toBe(true);
        expect(resource.replaceOnChanges).toEqual(
          expect.arrayContaining(["healthcheck", "tmpfs", "init", "memory", "cpus", "restart"]),
        );
      }
    });

    it("keeps every declared volume when its declaration goes, without protecting it", () => {
      expect(
        ofType(VOLUME)
          .map(({ inputs }) => inputs["name"])
          .sort(),
      ).toEqual(volumes.map(({ name }) => name).sort());
      for (const volume of ofType(VOLUME)) {
        expect(volume.retainOnDelete, volume.name).toBe(true);
        expect(volume.protect, volume.name).toBe(false);
      }
    });

    it("makes containers wait for what the graph says, and for nothing else of it", () => {
      for (const { name, requires = [] } of services) {
        const wanted = requires
          .filter(({ on }) => !on.includes("/") || on.startsWith(`${host}/`))
          .map(({ on }) => readyName(on.slice(on.indexOf("/") + 1)));
        const container = resources.find((one) => one.name === `${name}-container`);
        const waited = (container?.dependencies ?? [])
          .map(namedBy)
          .filter((other) => other.startsWith(COMMAND))
          .map((other) => other.slice(COMMAND.length + 1))
          .filter((other) => /^gate-|-(gate|role)$/.test(other));
        expect(waited.sort(), name).toEqual([...wanted].sort());
      }
    });

    it("names its provider in every resource of the engine", () => {
      for (const { type, name, provider } of resources) {
        if (!type.startsWith("docker:")) continue;
        expect(provider, name).toContain(`::${host}-docker::`);
      }
    });

    it("has every resource below the host", () => {
      const ours = resources.filter(({ type }) => !type.startsWith("pulumi:"));
      const parents = new Map(ours.map((one) => [`${one.type} ${one.name}`, namedBy(one.parent)]));
      for (const { type, name } of ours) {
        let at = `${type} ${name}`;
        for (let up = parents.get(at); up !== undefined && parents.has(up); up = parents.get(at)) {
          at = up;
        }
        expect(at, name).toBe(`homelab:core:Host ${host}`);
      }
    });

    it("gives secrets to hosts on standard input alone, encrypted in the state", () => {
      const holders = resources.flatMap(({ name, inputs, secretInputs }) =>
        Object.entries(inputs)
          .filter(([, value]) => holdsSecret(value))
          .map(([key]) => ({ name, key, secret: secretInputs.includes(key) })),
      );
      expect(holders.length).toBeGreaterThan(0);
      expect(holders.filter(({ key, secret }) => key !== "stdin" || !secret)).toEqual([]);
    });

    it("keeps of a script what names it, and in whole only what a deletion runs", () => {
      const commands = ofType(COMMAND);
      expect(commands.length).toBeGreaterThan(services.length);
      for (const { name, kept } of commands) {
        const { delete: deletion = "", ...others } = kept;
        expect(others["create"], name).toBe(RUN_SCRIPT);
        expect(others["stdin"], name).toMatch(new RegExp(`^${name} [0-9a-f]{64}$`));
        expect(JSON.stringify(others).length, name).toBeLessThan(400);
        expect(String(deletion), name).not.toContain(RUN_SCRIPT);
      }
    });

    it("has no secret input that hides what could be shown", () => {
      for (const { name, inputs, secretInputs } of resources) {
        for (const key of secretInputs) {
          const kind = name.replace(/^.*-/, "");
          expect(["files", "role"], `${name}.${key}`).toContain(kind);
          if (kind === "role") expect(JSON.stringify(inputs[key])).toContain(CANARY);
        }
      }
    });

    it("loads no SDK of a service that the site does not use", () => {
      expect(isLoaded("@pulumi/docker")).toBe(true);
      expect(isLoaded("@pulumi/tailscale")).toBe(false);
    });

    it("writes the host plan before the first container, so that a host starts at boot what it has", () => {
      const plan = resources.find(({ name }) => name === "host-plan");
      expect(plan?.dependencies.map(namedBy)).toEqual([
        `${COMMAND} boot-orchestrator`,
        `${COMMAND} data-guard`,
        // Whose user its apps keep is known before they can have made one.
        ...(renamingUser.length > 0 ? [`${COMMAND} first-user-files`] : []),
      ]);
      for (const { resource } of containers()) {
        expect(resource.dependencies.map(namedBy), resource.name).toContain(`${COMMAND} host-plan`);
      }
    });

    it("sees to copies before that plan, and so before every container, by one step that waits for nothing", () => {
      const guard = resources.filter(({ name }) => name === "data-guard");
      expect(guard.map(({ dependencies }) => dependencies)).toEqual([[]]);
      const script = String(guard[0]?.inputs["stdin"]);
      expect(isValidShell(script)).toBe(true);
      for (const { service, image } of dataKeepers(hostNamed(host), NO_LOCK, [])) {
        expect(script).toContain(`"$1" '${service}' '${image.replace(/@.*/, "")}@`);
      }
    });

    it("has the host watched once every service is healthy, and says so in what is known before", () => {
      const watch = resources.find(({ name }) => name === "boot-watch");
      const before = watch?.dependencies.map(namedBy);
      for (const { name } of services) {
        expect(before, name).toContain(`${COMMAND} ${readyName(name)}`);
      }
      expect(watch?.inputs["stdin"]).toMatch(/^# program [0-9a-f]{64}$/m);
    });

    it("holds nothing back", () => {
      expect(resources.map(({ name }) => name)).not.toContain("closed-gates");
    });
  });

  /** Name of the resource that says that a service or gate of this host is ready. */
  function readyName(on: string): string {
    if (on.startsWith("gate:")) return `gate-${on.slice("gate:".length)}`;
    const role = services.find(({ name }) => name === on)?.databaseRole;
    return `${on}-${role ? "role" : "gate"}`;
  }
}
