import { afterAll, expect } from "vitest";
import type { HostName } from "../../../model/host-names.ts";
import { on, up, type Lab } from "./lab.ts";

/**
 * After the tests of a file, and after its own clean-up, which has to be registered later: a
 * deployment that makes the host as declared again, unless they came so far as to do that
 * themselves. The next file finds the host as it was, also after a failure.
 * @param before - shell script for the host that takes away what a deployment would leave
 * @returns what the last test calls when the host is as declared
 */
export function deployedAfterwards(
  lab: () => Lab,
  host: HostName,
  before?: string,
): { readonly isAsDeclared: () => void } {
  let whole = false;
  afterAll(async () => {
    if (whole) return;
    if (before !== undefined) await on(lab(), host, before);
    const { code, output } = await up(lab(), host);
    expect(code, output).toBe(0);
  });
  return {
    isAsDeclared: () => {
      whole = true;
    },
  };
}
