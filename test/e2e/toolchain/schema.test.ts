import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { declaredSurfaces } from "./declared.ts";
import { servedSurface, type PackageSchema } from "./served.ts";
import { absent, differing, outOfScope } from "./known-differences.ts";
import { lines } from "./surface.ts";

const checkout = fileURLToPath(new URL("../../../", import.meta.url));

/** From nothing, the build of all plugins has to fit. */
const buildTimeoutMs = 45 * 60_000;

let bin = "";

beforeAll(async () => {
  const { stdout } = await execa("toolchain/build.sh", ["pulumi"], { cwd: checkout });
  bin = stdout.trim();
}, buildTimeoutMs);

async function schemaOf(name: string): Promise<PackageSchema> {
  const { stdout } = await execa(
    `${bin}/pulumi`,
    ["package", "get-schema", `${bin}/pulumi-resource-${name}`],
    {
      env: { PATH: `${bin}:${process.env["PATH"]}`, PULUMI_SKIP_UPDATE_CHECK: "1" },
    },
  );
  return JSON.parse(stdout) as PackageSchema;
}

describe.each(["docker", "hcloud", "command"])("the plugin for @pulumi/%s", (name) => {
  const folder = `${checkout}node_modules/@pulumi/${name}`;
  const declared = declaredSurfaces(folder).filter(({ token }) => !outOfScope(token));
  let schema: PackageSchema;

  beforeAll(async () => {
    schema = await schemaOf(name);
  });

  test("has the version that the package asks for", () => {
    const manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as {
      pulumi: { version: string };
    };
    expect(schema.version).toBe(manifest.pulumi.version);
  });

  test("lacks nothing the package declares, but what is known to be absent", () => {
    expect(declared.length).toBeGreaterThan(3);
    const missing = declared
      .map(({ token }) => token)
      .filter((token) => servedSurface(schema, token) === undefined);
    expect(missing).toEqual(Object.keys(absent).filter((token) => token.startsWith(name)));
  });

  test.each(declared.filter(({ token }) => !(token in absent)))(
    "serves $token as the package declares it",
    (surface) => {
      const served = servedSurface(schema, surface.token);
      const declaredLines = lines(surface);
      const servedLines = served === undefined ? [] : lines(served);
      expect({
        lacks: declaredLines.filter((line) => !servedLines.includes(line)),
        adds: servedLines.filter((line) => !declaredLines.includes(line)),
      }).toEqual(differing[surface.token] ?? { lacks: [], adds: [] });
    },
  );
});
