// The page's process: `operator-ui <settings file>`. It ends with 0 after SIGTERM, 2 when it cannot
// start. It has one listener for counts and health, where nobody needs a login, and one that asks for
// a login and shows everything.
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../../model/errors.ts";
import { tokenSum } from "../contract/bearer.ts";
import { openPage } from "./page/open.ts";
import { readState } from "./read-state.ts";
import { makeSummaryServer } from "./server.ts";
import { readSettings, type Settings } from "./settings.ts";

async function main([path]: readonly string[]): Promise<void> {
  if (path === undefined) {
    throw new UserError("HL-OPERATOR-UI", "usage: operator-ui <settings file>");
  }
  const { build, root, counts, scrapeSum: file, page } = await readSettings(path);
  // First: without a list of who may log in nothing is shown at all.
  const opened = page && (await openPage(page, { build, root, say }));
  const scrapeSum = file === undefined ? undefined : await readSum(file);
  const server = makeSummaryServer({
    build,
    read: () => readState(root),
    scrapeSum: () => scrapeSum,
    now: Date.now,
  });
  await listen(server, counts);
  say(`${build} shows counts at port ${(server.address() as AddressInfo).port}`);
  if (opened) say(`the page is at port ${opened.port}`);
  if (file !== undefined && scrapeSum === undefined) {
    say(`nobody may scrape: ${file} holds no SHA-256 of a token`);
  }
  await new Promise((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  await opened?.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function readSum(file: string): Promise<Buffer | undefined> {
  return readFile(file, "latin1").then(tokenSum, () => undefined);
}

function listen(server: Server, { address, port }: Settings["counts"]): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const text = `cannot listen at ${address}:${port}: ${error.message}`;
      reject(new UserError("HL-OPERATOR-UI", text));
    });
    server.listen(port, address, resolve);
  });
}

function say(text: string): void {
  process.stdout.write(`operator-ui: ${text}\n`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    const code = error instanceof UserError ? `${error.code}: ` : "";
    process.stderr.write(`operator-ui: ${code}${text}\n`);
    process.exit(2);
  },
);
