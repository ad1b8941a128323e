import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CHECKOUT } from "../support/rooms.ts";

/** A program that reports what it did not expect, and what came of the report, as the SDK does. */
const REPORTING = `
process.on("uncaughtException", (error) => console.error(error));
setInterval(() => console.error("still here"), 10);
`;

it("a program whose engine was killed ends by itself, and does not report for ever that nobody reads it", async () => {
  const { href } = new URL(`file://${join(CHECKOUT, "stacks/end-with-engine.ts")}`);
  const loader = new URL(`file://${join(CHECKOUT, "from-source.mjs")}`).href;
  const program = `import { fromSource } from "${loader}";
const { endWithEngine } = await fromSource("${href}");
endWithEngine();${REPORTING}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    await once(child.stderr, "data");
    child.stderr.destroy();
    expect(await once(child, "exit")).toEqual([1, null]);
  } finally {
    child.kill("SIGKILL");
  }
});
