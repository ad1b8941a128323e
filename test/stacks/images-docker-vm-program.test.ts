import { beforeAll, describe, expect, it } from "vitest";
import { EMPTY_OBSERVATION } from "../../hosts/observation.ts";
import type { RecordedResource } from "../support/recorded-program.ts";
import { namedBy, recordStack } from "../support/stack-program.ts";

const COMMAND = "command:local:Command";
const END = `${COMMAND} closed-gates`;

/** A whole program hashes many passwords, on a machine that may be busy. */
const RUN_MILLISECONDS = 120_000;

type Resources = ReadonlyMap<string, RecordedResource>;

/**
 * The program on a host that has these images.
 * @param stdout what the step that pulls says
 */
async function recorded(digests: readonly string[], stdout = ""): Promise<Resources> {
  const observation = { ...EMPTY_OBSERVATION, images: { digests, token: "written-1" } };
  const answers = { [`${COMMAND} images`]: { stdout } };
  const all = await recordStack("docker-vm", { observation, answers });
  return new Map(all.map((one) => [`${one.type} ${one.name}`, one]));
}

const stepOf = (resources: Resources) =>
  String(resources.get(`${COMMAND} images`)?.inputs["stdin"]);

/** Digest by image, as the program asks for them. */
function digestsIn(step: string): Map<string, string> {
  const found = step.matchAll(/"name":"([^"]+)","digest":"([^"]+)"/g);
  return new Map([...found].map(([, name = "", digest = ""]) => [name, digest]));
}

describe("a host that lacks images", () => {
  const names = { held: "docker.io/library/eclipse-mosquitto", stays: "docker.io/library/caddy" };
  let digests = new Map<string, string>();
  let complete: Resources;
  let absent: Resources;

  beforeAll(async () => {
    digests = digestsIn(stepOf(await recorded([])));
    complete = await recorded([...digests.values()]);
    const others = [...digests].flatMap(([name, digest]) =>
      Object.values(names).includes(name) ? [] : [digest],
    );
    const said = `failed ${digests.get(names.held) ?? ""} manifest unknown\n`;
    absent = await recorded(others, said);
  }, RUN_MILLISECONDS);

  /** All that a resource comes after. */
  function before(name: string, seen = new Set<string>()): Set<string> {
    for (const urn of absent.get(name)?.dependencies ?? []) {
      const other = namedBy(urn);
      if (!seen.has(other)) before(other, seen.add(other));
    }
    return seen;
  }
  const container = (service: string) => `docker:index/container:Container ${service}-container`;

  it("is asked for nothing anew while it has all of them", () => {
    expect(stepOf(complete)).toContain("'written-1'");
    expect(stepOf(absent)).not.toContain("'written-1'");
    expect([...complete.keys()]).not.toContain(END);
  });

  it("leaves alone who needs one that cannot be had, and nobody else", () => {
    expect(before(container("mosquitto"))).toContain(END);
    expect(before(container("homeassistant"))).toContain(END);
    expect(before(END)).not.toContain(container("mosquitto"));
    expect(before(END)).toContain(`${COMMAND} caddy-gate`);
    expect(before(END)).toContain(`${COMMAND} grafana-gate`);
  });

  it("ends with one message: which image, the engine's words, who was left alone, what to do", () => {
    const said = String(absent.get(END)?.inputs["stdin"]);
    expect(said).toMatch(/cannot run without their image: .*homeassistant.*mosquitto/);
    expect(said).toMatch(
      /image docker\.io\/library\/eclipse-mosquitto:\S+: manifest unknown \(holds back .*mosquitto/,
    );
    expect(said).not.toMatch(/image docker\.io\/library\/caddy/);
    expect(said).toContain("npx homelab deploy docker-vm");
    expect(said).toContain("When that is mended: pulumi up -s docker-vm");
  });
});
