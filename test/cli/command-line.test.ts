// The command line as one piece: the same thing has the same word in every command.
import { describe, expect, it } from "vitest";
import { JsonOption } from "../../cli/json-option.ts";
import { allCommands, helpOf, type NamedCommand } from "./support/commands.ts";

const commands = await allCommands();
const ofHosts = commands.filter(({ words }) => !words.startsWith("sandbox "));

/**
 * What prints nothing that a program could read: shell text, another program's output, or nothing at
 * all but its exit code.
 */
const WITHOUT_ANSWER = [
  ...["sandbox up", "sandbox down", "sandbox env", "sandbox exec", "sandbox reboot"],
  ...["sandbox power", "sandbox mounts", "sandbox link"],
];

/** Commands whose 1 or 2 means something of their own, or that have a third one (cli/README.md). */
const WITH_OWN_CODES = [
  ...["check", "deploy", "rollback", "drift", "overrides", "why", "status", "import"],
  ...["backup list", "images outdated", "approve", "reject", "control-plane bootstrap"],
];

/** Words in the place of a value, by what they stand for; each has one. */
const VALUES = [
  ...[
    "host",
    "hosts",
    "service",
    "services",
    "container",
    "database",
    "secret",
    "action",
    "device",
  ],
  ...["name", "words", "time", "file", "folder", "format", "stack", "tag", "snapshot", "count"],
  ...["deployment", "deployments", "compose.yaml", "old=declared"],
];

/** The words that a command's arguments and options have for their values, without brackets. */
function valuesOf({ command }: NamedCommand): string[] {
  const options = command.options.flatMap(
    ({ flags }) => /[<[](.+?)(?:\.\.\.)?[\]>]/.exec(flags)?.[1] ?? [],
  );
  return [...command.registeredArguments.map((each) => each.name()), ...options];
}

describe("the command line", () => {
  it("calls a value the same in every command", () => {
    const others = ofHosts.flatMap((each) =>
      valuesOf(each)
        .filter((value) => !VALUES.includes(value))
        .map((value) => `${each.words}: ${value}`),
    );
    expect(others).toEqual([]);
    expect(
      VALUES.filter((value) => !ofHosts.some((each) => valuesOf(each).includes(value))),
    ).toEqual([]);
  });

  it("takes hosts as its arguments, as many as there are or one that it acts on, or else --host", () => {
    for (const { words, command } of ofHosts) {
      for (const each of command.registeredArguments) {
        if (each.name() === "hosts")
          expect([each.variadic, each.required], words).toEqual([true, false]);
        if (each.name() === "host") expect(each.variadic, words).toBe(false);
      }
      const withHost = command.options.filter(({ flags }) => flags.includes("<host>"));
      expect(
        withHost.map(({ flags }) => flags),
        words,
      ).toEqual(withHost.map(() => "--host <host>"));
      const named = command.registeredArguments.map((each) => each.name());
      if (withHost.length > 0) expect(named, words).not.toContain("host");
    }
  });

  it("writes an option the same wherever it is taken", () => {
    const ways = new Map<string, Set<string>>();
    for (const { command } of commands) {
      for (const { long, flags } of command.options) {
        const key = long ?? flags;
        ways.set(key, (ways.get(key) ?? new Set()).add(flags));
      }
    }
    const several = [...ways].filter(([, flags]) => flags.size > 1);
    // Of what it goes to there are two kinds, and the help says which.
    expect(several.map(([long, flags]) => [long, [...flags].sort()])).toEqual([
      ["--to", ["--to <deployment>", "--to <tag>"]],
    ]);
  });

  it("answers programs in every command that answers anything", () => {
    const without = commands.filter(
      ({ command }) => !command.options.some((option) => option instanceof JsonOption),
    );
    expect(without.map(({ words }) => words)).toEqual(WITHOUT_ANSWER);
  });

  it("asks nobody for a program: who asks says that --json needs --yes", () => {
    const asking = commands.filter(({ command }) =>
      command.options.some(({ long }) => long === "--yes"),
    );
    expect(asking.length).toBeGreaterThan(5);
    for (const { words, command } of asking) {
      const json = command.options.find((option) => option instanceof JsonOption);
      expect(json?.description, words).toContain("needs --yes");
    }
  });

  it("says the exit codes of each command that has others than all, in one form", () => {
    const own = commands.flatMap(({ words, command }) => {
      const [, codes] = /^(?:.*\. )?(Exit codes.*)$/m.exec(helpOf(command)) ?? [];
      return codes === undefined ? [] : [{ words, codes }];
    });
    for (const { words, codes } of own)
      expect(codes, words).toMatch(/^Exit codes(?: as of deploy\.|: 0 )/);
    expect(own.map(({ words }) => words)).toEqual(expect.arrayContaining([...WITH_OWN_CODES]));
  });
});
