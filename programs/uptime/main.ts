// Runs on the host of Uptime Kuma: `apply <settings> <state folder>` brings the declared monitors
// into it, `look` ends with 1 when they are others. Neither prints a secret.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { UptimeSettings } from "./settings.ts";
import { Connection, NotReachable } from "./connection.ts";
import { isSettled, settle } from "./settle.ts";

async function main([command, settingsFile = "", state = ""]: string[]): Promise<number> {
  const settings = JSON.parse(await readFile(settingsFile, "utf8")) as UptimeSettings;
  const known = join(state, "password");
  const previous = await readFile(known, "utf8").catch(() => undefined);
  const connection = await Connection.open(settings.url);
  try {
    if (command === "look") {
      if (await connection.needsSetup()) return 1;
      // With the password of the last run: a look changes none.
      const password = previous ?? settings.password;
      await connection.signIn({ ...settings, password }, undefined);
      return (await isSettled(connection, settings)) ? 0 : 1;
    }
    if (await connection.needsSetup()) await connection.setUp(settings);
    await connection.signIn(settings, previous);
    await keep(known, settings.password);
    const done = await settle(connection, settings);
    if (done !== "") process.stderr.write(`monitors of Uptime Kuma: ${done}\n`);
    return 0;
  } finally {
    connection.close();
  }
}

/** Readable by root alone, and never half written. */
async function keep(path: string, text: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

const args = process.argv.slice(2);
main(args)
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    process.stderr.write(`Uptime Kuma: ${error instanceof Error ? error.message : "failed"}\n`);
    // A look at one that is away tells nothing: its container is what is missing then.
    process.exitCode = args[0] === "look" && error instanceof NotReachable ? 0 : 1;
  });
