import { describe, expect, it } from "vitest";
import { whyText } from "../../../cli/why/text.ts";
import { oneLine, quoted } from "../../../deploy/why/quote.ts";
import { container, hostOf, serviceOf, whyOf } from "./small-fleet.ts";

const CANARY = "c4n4ry-0f-a-secret";
const hosts = [hostOf("docker-vm", serviceOf("db"), serviceOf("web", "db"))];

describe("no secret is in an answer", () => {
  it.each(["unhealthy", "stopped"] as const)(
    "neither of environment, labels and command lines, nor where a container that is %s says it",
    (state) => {
      const answer = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
        const db = container(seen, "db");
        db.Config.Env?.push(`PASSWORD=${CANARY}`);
        db.Config.Cmd = ["serve", `--password=${CANARY}`];
        db.Config.Labels = { ...db.Config.Labels, token: `${CANARY}-label` };
        db.HostConfig.LogConfig.Config = { "splunk-token": CANARY };
        const said = `cannot log in with ${CANARY} or ${CANARY}-label in the zone Etc/UTC`;
        db.State =
          state === "unhealthy"
            ? { Status: "running", Health: { Status: "unhealthy", Log: [{ Output: said }] } }
            : { Status: "exited", ExitCode: 1, Error: said };
      });
      expect(answer.causes[0]?.output).toBe("cannot log in with *** or *** in the zone Etc/UTC");
      expect(answer.differences.map(({ field }) => field)).toContain("environment PASSWORD");
      expect(JSON.stringify(answer)).not.toContain(CANARY);
      expect(whyText(answer)).not.toContain(CANARY);
    },
  );

  it("not a password in an address, which a check may say", () => {
    expect(quoted("no answer of redis://user:hidden@redis:6379/0, http://a:8080/x@y", [])).toBe(
      "no answer of redis://user:***@redis:6379/0, http://a:8080/x@y",
    );
  });
});

describe("what a host says", () => {
  it("stands in one line, without what moves a cursor", () => {
    expect(oneLine("red \u001b[31m\r\n\n  and  more\n")).toBe("red [31m and more");
  });

  it("is cut at its beginning when it is long: its end tells most", () => {
    const text = oneLine(`${"progress ".repeat(100)}connection refused`);
    expect(text).toHaveLength(300);
    expect(text).toMatch(/^….* connection refused$/);
  });
});
