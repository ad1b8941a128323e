// The pages in a real browser, before a server that says what the test wants: every view in light, in
// dark and on a phone, and every flow by keyboard alone. With HOMELAB_PICTURES=1 it keeps the pictures
// of docs/ui.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bundlePages } from "../../../control-plane/pages/build.ts";
import { CHECKOUT } from "../../support/rooms.ts";
import { imitatedServer, type ImitatedServer } from "../../control-plane/pages/imitated-server.ts";
import { events, graph } from "../../control-plane/pages/imitated-graph.ts";
import { histories } from "../../control-plane/pages/imitated-histories.ts";
import { action } from "../../control-plane/pages/imitated-parts.ts";
import { household } from "../../control-plane/pages/imitated-state.ts";

const BROWSER = process.env["HOMELAB_CHROMIUM"] ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const VIEWS = {
  overview: "#/overview",
  services: "#/services/docker-vm/jellyfin",
  graph: "#/services?as=graph",
  incidents: "#/incidents",
  drift: "#/drift",
  deployments: "#/deployments?host=docker-vm",
  boot: "#/boot",
  images: "#/images",
  events: "#/events",
  backups: "#/backups",
  hosts: "#/hosts",
  help: "#/help",
};

/** What says that a view is drawn; for the others their title does. */
const DRAWN: Readonly<Record<string, string>> = {
  overview: ".verdict",
  services: ".panel",
  graph: ".picture, .table",
  drift: ".row",
  deployments: "[data-head=After]",
  boot: ".course",
  events: ".row",
};

const LOOKS = [
  { name: "light", colorScheme: "light", width: 1280, height: 700 },
  { name: "dark", colorScheme: "dark", width: 1280, height: 700 },
  { name: "phone", colorScheme: "light", width: 360, height: 740 },
] as const;

/** Pictures that are kept: few, and each shows something that the others do not. */
const KEPT = ["overview-light", "overview-dark", "overview-phone", "services-dark", "graph-light"];

let files: Readonly<Record<string, string>>;
let browser: Browser;
let server: ImitatedServer;
let page: Page;
/** What the browser complained of, but for the picture that it looks for by itself. */
let complaints: string[];

beforeAll(async () => {
  if (!existsSync(BROWSER)) {
    throw new Error(
      `there is no browser at ${BROWSER}: apt-get install --no-install-recommends chromium, or name one in HOMELAB_CHROMIUM`,
    );
  }
  ({ files } = await bundlePages(CHECKOUT));
  browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
});
afterAll(() => browser.close());

beforeEach(async () => {
  server = await imitatedServer(files, {
    state: household(),
    graph: graph(),
    events: events(),
    histories: histories(),
    past: { sequence: 4000, hosts: household().hosts },
    session: { user: "anna", role: "operator" },
    isCut: false,
    isAway: false,
  });
});

afterEach(async () => {
  await page.context().close();
  await server.close();
});

async function open(hash: string, look: (typeof LOOKS)[number] = LOOKS[0]): Promise<void> {
  const { colorScheme, width, height } = look;
  const context = await browser.newContext({ colorScheme, viewport: { width, height } });
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (said) => {
    if (said.type() === "error" && !said.location().url.endsWith("/favicon.ico")) {
      complaints.push(said.text());
    }
  });
  await page.goto(`${server.address}${hash}`);
  await page.waitForSelector("main h1, form");
}

const text = (): Promise<string> => page.innerText("body");
const focused = (): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent ?? "");

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds against WCAG 2.2 AA. It is put in by the test, past the page's own policy. */
async function found(): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: Violation[] }> };
    };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await axe.run({ runOnly: { type: "tag", values: tags } });
    return violations;
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

describe.each(LOOKS)("in $name", (look) => {
  it("every view breaks no rule, fits, and complains of nothing", async () => {
    await open("", look);
    for (const [name, hash] of Object.entries(VIEWS)) {
      await page.evaluate((address) => (location.hash = address), hash);
      await page.waitForSelector(DRAWN[name] ?? "main h1");
      expect.soft(await found(), name).toEqual([]);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(tooWide, name).toBeLessThanOrEqual(0);
      expect.soft(complaints, name).toEqual([]);
      if (look.name === "phone") expect.soft(await tooSmall(), name).toEqual([]);
      const picture = `${name}-${look.name}`;
      if (process.env["HOMELAB_PICTURES"] && KEPT.includes(picture)) {
        await page.screenshot({ path: join(CHECKOUT, "docs/ui", `${picture}.png`) });
      }
    }
  });
});

/** What a finger has to hit and could miss. */
function tooSmall(): Promise<string[]> {
  const targets = "button, select, input, summary, header nav a, .row a, .card h2 a, .back";
  return page.$$eval(targets, (all) =>
    all
      // What is not drawn has no height at all.
      .filter((each) => each.getClientRects().length > 0)
      .filter((each) => each.getBoundingClientRect().height < 44)
      .map((each) => each.outerHTML),
  );
}

describe("by keyboard alone", () => {
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  it("somebody logs in, and out again", async () => {
    server.say({ session: null });
    await open("");
    await press("Tab");
    await page.keyboard.type("anna");
    await press("Tab");
    await page.keyboard.type("wrong");
    await press("Enter");
    await page.waitForFunction(() => document.body.innerText.includes("that is not so"));
    expect(await found()).toEqual([]);
    await page.keyboard.type("let me in");
    await page.fill("input[type=password]", "let me in");
    await press("Enter");
    await page.waitForSelector(".verdict");
    await page.focus("header button");
    await press("Enter");
    await page.waitForSelector("form");
    expect(await text()).not.toContain("nas-media");
  });

  it("the command that approves is shown, and that which rejects; the focus comes back to the card", async () => {
    await open("");
    await page.waitForSelector("[data-row]");
    await press("j", "a");
    const command = page.locator("dialog input");
    expect(await command.inputValue()).toBe("npx homelab approve 111111111111");
    expect(await page.innerText("dialog h2")).toBe("Mount nas-media on docker-vm");
    expect(await found()).toEqual([]);
    await press("Escape");
    expect(await focused()).toBe("Approve…");
    await press("r");
    expect(await command.inputValue()).toBe('npx homelab reject 111111111111 --reason "…"');
    await press("Escape", "j", "a");
    expect(await command.inputValue()).toBe("npx homelab deploy nas");
  });

  it("a service is searched, opened and left, and help is there", async () => {
    await open("");
    await page.waitForSelector("[data-row]");
    await press("/");
    await page.waitForFunction(() => document.activeElement?.id === "search");
    await page.keyboard.type("immich media");
    await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
    await press("Escape", "j");
    expect(await focused()).toBe("immich");
    await press("Enter");
    await page.waitForSelector(".panel");
    expect(await page.innerText(".way")).toContain("docker-vm/gate:nas-media");
    await press("Escape");
    await page.waitForSelector(".panel", { state: "detached" });
    await press("?");
    await page.waitForSelector(".help");
    await press("Escape");
    await page.waitForSelector(".help", { state: "detached" });
  });

  it("a card and an incident are unfolded where they are", async () => {
    await open("#/incidents");
    await page.waitForSelector(".incidents");
    await press("j");
    await press("Tab", "Tab", "Tab", "Enter");
    expect(await page.innerText(".incidents details[open]")).toContain("docker-vm/jellyfin");
  });
});

describe("a past moment", () => {
  it("is shown instead of now, by keyboard alone, with nothing to decide, and one key leads back", async () => {
    await open("#/events");
    await page.waitForSelector(".row");
    await page.focus(".replay input");
    for (let minute = 0; minute < 5; minute++) await page.keyboard.press("ArrowLeft");
    await page.waitForSelector("[data-live]");
    expect(await page.innerText(".past")).toMatch(/Viewing .*, not live/);
    expect(await found()).toEqual([]);
    await page.evaluate(() => (location.hash = "#/overview"));
    await page.waitForFunction(() => document.body.innerText.includes("are not in it"));
    expect(await page.locator("[data-action]").count()).toBe(0);
    await page.evaluate(() => (location.hash = "#/services"));
    await page.waitForSelector(".row");
    await page.keyboard.press("l");
    await page.waitForSelector("[data-live]", { state: "detached" });
    expect(complaints).toEqual([]);
  });
});

describe("while things change", () => {
  it("a new card is there without loading, and under the pointer it waits behind a button", async () => {
    await open("");
    await page.waitForSelector("[data-action]");
    const state = household();
    const fresh = { ...action("9", "restart"), since: household().at };
    server.say({ state: { ...state, actions: [...state.actions, fresh] } });
    await page.waitForSelector(`[data-action="${fresh.id}"]`, { timeout: 1000 });
    await page.hover(`[data-action="${fresh.id}"]`);
    const another = { ...action("8", "start"), since: household().at };
    server.say({ state: { ...state, actions: [...state.actions, fresh, another] } });
    await page.click("text=Show 1 new");
    await page.waitForSelector(`[data-action="${another.id}"]`);
  });

  it("a cut stream has a banner and is asked for instead; data goes on", async () => {
    await open("");
    await page.waitForSelector(".verdict");
    server.say({ isCut: true });
    await page.waitForSelector(".banner");
    expect(await page.innerText(".banner")).toContain("asks every 10 s");
    server.say({ state: household({ incidents: [] }) });
    await page.waitForFunction(() => !document.querySelector(".incidents"), null, {
      timeout: 15_000,
    });
    server.say({ isCut: false });
    await page.waitForSelector(".banner", { state: "detached", timeout: 15_000 });
  });

  it("a server that is away leaves the last data, grey, with its age and nothing good in it", async () => {
    await open("");
    await page.waitForSelector(".verdict");
    server.say({ isAway: true });
    await page.waitForSelector("main.old");
    expect(await page.innerText(".banner")).toMatch(/What is shown is how things were.*\d+ s ago/s);
    expect(await page.locator(".hosts .tone-good, .verdict.tone-good").count()).toBe(0);
    expect(await text()).toContain("unknown");
    expect(await page.locator('[data-key="a"][aria-disabled="false"]').count()).toBe(0);
    expect(await found()).toEqual([]);
    server.say({ isAway: false });
    await page.waitForSelector("main:not(.old)", { timeout: 20_000 });
  });

  it("a session that is over leads to the login, and nothing of what was seen stays", async () => {
    await open("");
    await page.waitForSelector(".verdict");
    server.say({ session: null, isCut: true });
    await page.waitForSelector("form", { timeout: 15_000 });
    expect(await text()).not.toContain("jellyfin");
  });
});
