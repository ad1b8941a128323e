import { describe, expect, it } from "vitest";
import { mistakeText } from "../../compose/mistake.ts";
import { importedText, mistakesOf, told } from "./support/imported.ts";

const BAD = `services:
  web:
    image: example/web:1.0
    enviroment:
      A: b
    ports:
      - "80:eighty"
      - target: 80
        publish: 8080
    volumes:
      - data
    depends_on:
      - database
      - cache
    healthcheck:
      test: ["CMD", "true"]
      interval: soon
    mem_limit: much
    env_file: missing.env
    privileged: maybe
    command: echo \${NAME
  cache:
    image: example/cache:1.0
    depends_on: { web: { condition: service_ready } }
  old: nothing
secrets:
  key: { file: ./key.txt }
colour: red
`;

describe("a file with mistakes", () => {
  it("is refused with all of them, each with line and path", () => {
    const lines = mistakesOf(BAD).map(mistakeText);
    expect(lines.sort()).toEqual(
      [
        "compose.yaml:4: services.web.enviroment: is no key of the Compose Specification; did you mean environment?",
        'compose.yaml:7: services.web.ports[0]: is not a port, e.g. "8080:80", "127.0.0.1:8080:80/tcp" or "3000-3005:3000-3005"',
        "compose.yaml:9: services.web.ports[1].publish: is no key of the Compose Specification here",
        'compose.yaml:11: services.web.volumes[0]: has no path in the container; write e.g. "data:/data"',
        'compose.yaml:12: services.web.depends_on.database: "database" is no service of this file',
        'compose.yaml:19: services.web.env_file[0]: "missing.env" is not there; say required: false if it may be missing',
        "compose.yaml:17: services.web.healthcheck.interval: is not a duration, e.g. 30s or 1m30s",
        "compose.yaml:18: services.web.mem_limit: is not a size, e.g. 512m or 1g",
        "compose.yaml:20: services.web.privileged: is neither true nor false",
        "compose.yaml:21: services.web.command: has a ${ without its }; write $$ for a plain $",
        "compose.yaml:24: services.cache.depends_on.web.condition: is none of service_started, service_healthy, service_completed_successfully",
        "compose.yaml:25: services.old: is not a map",
        'compose.yaml:27: secrets.key.file: "key.txt" is not there',
        "compose.yaml:28: colour: is no key of the Compose Specification",
      ].sort(),
    );
  });

  it("says what a service waits for that is not there, or waits for itself", () => {
    const text = (needs: string) =>
      `services:\n  a: { image: 'x/y:1', depends_on: [${needs}] }\n  b: { image: 'x/y:1', depends_on: [a] }\n`;
    expect(mistakesOf(text("nobody")).map(mistakeText)).toEqual([
      'compose.yaml:2: services.a.depends_on.nobody: "nobody" is no service of this file',
    ]);
    expect(mistakesOf(text("b")).map(mistakeText)).toEqual([
      "compose.yaml:2: services.a.depends_on: waits for itself: a -> b -> a",
    ]);
  });

  it("says which profile brings what a service cannot do without", () => {
    const text =
      "services:\n  a: { image: 'x/y:1', depends_on: [b] }\n  b: { image: 'x/y:1', profiles: [more] }\n";
    expect(mistakesOf(text).map(mistakeText)).toEqual([
      'compose.yaml:2: services.a.depends_on.b: "b" is in the profile more, which is not wanted; name it with --profile',
    ]);
    expect(mistakesOf(text, {}, { profiles: ["more"] })).toEqual([]);
  });

  it("says which variable has to be set, and in the file's own words why", () => {
    const text = "services:\n  a:\n    image: x/y:${VERSION:?choose one}\n";
    expect(mistakesOf(text).map(mistakeText)).toEqual([
      "compose.yaml:3: services.a.image: needs the variable VERSION (choose one); set it in .env or with --env-file",
    ]);
    expect(mistakesOf(text, { ".env": "VERSION=1.0" })).toEqual([]);
  });

  it("says where a service extends what is not there, or itself", () => {
    const text = (what: string) =>
      `services:\n  a:\n    image: x/y:1\n    extends: ${what}\n  b:\n    extends: a\n`;
    const message = (what: string) => mistakesOf(text(what)).map(mistakeText);
    expect(message("nobody")).toContain(
      'compose.yaml:4: services.a.extends: "nobody" is no service of compose.yaml',
    );
    expect(message("{ service: a, file: other.yaml }")).toContain(
      'compose.yaml:4: services.a.extends: names the file "other.yaml", which cannot be read',
    );
    expect(message("b").join()).toContain("extends itself");
  });

  it.each([
    ["a tab", "services:\n\tweb: {}\n", /:2: .*tab/],
    [
      "an open quote",
      'services:\n  a: { image: "canary }\n',
      /a quote, a bracket or a colon is missing/,
    ],
    ["a key twice", "services:\n  a: { image: x, image: canary }\n", /same key twice/],
    ["an unknown alias", "services:\n  a: *canary\n", /alias/],
    ["no services", "web:\n  image: x\n", /has no `services`/],
    ["an alias of itself", "services: &a\n  b: *a\n", /alias/],
    ["a number alone", "42\n", /has no `services`/],
  ])("that is no YAML of a Compose file is refused without a word of it: %s", (_, text, told) => {
    const lines = mistakesOf(text).map(mistakeText).join("\n");
    expect(lines).toMatch(told);
    if (text.includes("canary")) expect(lines.replace(/\*canary/g, "")).not.toContain("canary");
  });

  it("never quotes a value, wherever it stands", () => {
    const text = `services:
  a:
    image: { canary: canary-1 }
    environment: [canary-2=x, { canary-3: canary-4 }]
    ports: [canary-5]
    PASSWORD=canary-6: here
    healthcheck: canary-7
    user: [canary-8]
`;
    const lines = mistakesOf(text, { ".env": "canary-9 and more\n" }).map(mistakeText);
    expect(lines.length).toBeGreaterThan(5);
    expect(
      lines
        .join("\n")
        .match(/canary-\d/g)
        ?.filter((word) => word !== "canary-3") ?? [],
    ).toEqual([]);
  });

  it("cannot multiply its aliases without end", () => {
    const more = Array.from({ length: 9 }, (_, level) => {
      const before = level === 0 ? "[x, x]" : `[${"*l".concat(String(level - 1), ", ").repeat(9)}]`;
      return `x-l${level}: &l${level} ${before}`;
    });
    expect(
      mistakesOf(`${more.join("\n")}\nservices: { a: { image: 'x/y:1' } }\n`)[0]?.message,
    ).toMatch(/stands for more than 50000 values/);
  });
});

describe("a secret where none can be", () => {
  it("is a mistake, and not written", () => {
    const text = "services: {a: {image: 'x/y:1', hostname: 'a-${API_TOKEN}'}}";
    const lines = mistakesOf(text, { ".env": "API_TOKEN=canary-token" }).map(mistakeText);
    expect(lines).toEqual([
      expect.stringMatching(
        /^compose\.yaml: API_TOKEN in \.env: looks like a secret, and stands where/,
      ),
    ]);
  });

  it("is a mistake also when only its value stands there, without a variable", () => {
    const text =
      "services: {a: {image: 'x/y:1', environment: {API_TOKEN: canary-token}, hostname: canary-token}}";
    const lines = mistakesOf(text).map(mistakeText);
    expect(lines).toEqual([
      expect.stringMatching(/^compose\.yaml: API_TOKEN in compose\.yaml, line 1: its value stands/),
    ]);
  });
});

describe("a variable that is set nowhere", () => {
  it("is empty, as for Compose, and named", () => {
    const app = importedText(
      "services: {a: {image: 'x/y:1', hostname: 'a$PLACE', environment: {B: $$C}}}",
    );
    expect(told(app)).toContain(
      "assumed services.a.hostname: the variable PLACE is set nowhere, so it is empty",
    );
    expect(app.declared.services[0]).toMatchObject({ hostname: "a", env: { B: "$C" } });
  });
});
