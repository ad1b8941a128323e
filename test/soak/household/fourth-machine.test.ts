// A sandbox that is up, and a checkout that has one host more; without images, so up in seconds.
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MachineName } from "../../../sandbox/addresses.ts";
import {
  bootTime,
  homelabSandbox,
  kernelState,
  onOwn,
  OWN_ENVIRONMENT,
} from "../../e2e/sandbox/own-sandbox.ts";
import { copyOfCheckout, follow, stepsOf } from "../../support/guide-steps.ts";
import { CHECKOUT } from "../../support/rooms.ts";

const ATTIC = "attic" as string as MachineName;

let folder: string;
let before: Awaited<ReturnType<typeof kernelState>>;

beforeAll(async () => {
  await homelabSandbox("down");
  before = await kernelState();
  folder = copyOfCheckout();
  follow(folder, stepsOf(readFileSync(join(CHECKOUT, "docs/guides/add-a-host.md"), "utf8")));
});

afterAll(async () => {
  await homelabSandbox("down");
  await rm(folder, { recursive: true, force: true });
});

const upInTheCopy = () =>
  execa("node", ["cli/homelab.mjs", "sandbox", "up", "--no-images"], {
    cwd: folder,
    env: OWN_ENVIRONMENT,
  });

it("gets the machine, boots the others once for it, and changes nothing the next time", async () => {
  await homelabSandbox("up", "--no-images");
  const alone = await bootTime("nas");
  await upInTheCopy();
  const joined = await bootTime("nas");
  expect(joined).not.toBe(alone);
  expect(await onOwn(ATTIC, "hostname")).toBe("attic");
  await upInTheCopy();
  expect(await bootTime("nas")).toBe(joined);
});

it("leaves nothing of the machine, also when a checkout without it takes the sandbox down", async () => {
  await homelabSandbox("down");
  expect(await kernelState()).toEqual(before);
});
