import { describe, expect, it } from "vitest";
import { gateScript } from "../../../components/core/health-gate.ts";
import { isValidShell } from "../../support/shell.ts";

describe("the health gate's script", () => {
  const script = gateScript("paperless-db", "abc123", "2m");

  it("is valid shell", () => {
    expect(isValidShell(script)).toBe(true);
  });

  it("subscribes to events before it looks, so that no change is missed between the two", () => {
    expect(script.indexOf("docker events")).toBeLessThan(script.lastIndexOf("\nverdict\n"));
  });

  it("waits as long as the declaration says", () => {
    expect(script).toContain("deadline=120");
  });
});
