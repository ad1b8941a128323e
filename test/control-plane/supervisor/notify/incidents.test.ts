import { describe, expect, it } from "vitest";
import { NO_MEMORY } from "../../../../control-plane/contract/supervisor-state.ts";
import { hostOf, serviceOf } from "../../../deploy/why/small-fleet.ts";
import { after, Home, repositoryOf, smallHome } from "../imitated-home.ts";
import { toldHome } from "./told-home.ts";

const MINUTE = 60;

describe("an incident", () => {
  it("is one message when it has lasted, and one when it has been well for ten minutes", async () => {
    const { pass, home, sent, said } = await toldHome();
    home.becomes("nas/files", "exited");
    pass(50);
    expect(await said()).toEqual([]);
    pass(20);
    const [began, ...more] = await sent();
    expect(began).toMatchObject({ title: "nas/files exited", topic: "test-warning", priority: 4 });
    expect(began?.message).toMatch(/npx homelab approve [0-9a-f]{8}/);
    expect(more).toEqual([]);
    pass(30 * MINUTE);
    expect(await said()).toEqual([]);
    home.becomes("nas/files", "healthy");
    pass(9 * MINUTE);
    expect(await said()).toEqual([]);
    pass(2 * MINUTE);
    const [ended, ...others] = await sent();
    expect(ended).toMatchObject({ title: "nas/files is well again", priority: 2 });
    expect(ended?.topic).toBe("test-warning");
    expect(others).toEqual([]);
  });

  it("is one message for its cause, which names those that suffer", async () => {
    const { pass, home, sent } = await toldHome();
    home.becomes("docker-vm/db", "exited");
    home.becomes("docker-vm/web", "unhealthy");
    home.becomes("docker-vm/job", "unhealthy");
    pass(3 * MINUTE);
    const messages = await sent();
    expect(messages.map(({ title }) => title)).toEqual(["docker-vm/db exited"]);
    expect(messages[0]?.message).toContain("because of it: docker-vm/job, docker-vm/web");
  });

  it("of a host that was unplugged is one message, and one when it is back (must-show 5, R17)", async () => {
    const { pass, home, said } = await toldHome();
    home.unplug("nas");
    home.becomes("docker-vm/sync", "unhealthy");
    pass(20 * MINUTE);
    expect(await said()).toEqual(["began: nas is not heard of any more"]);
    home.plugIn("nas");
    home.plugIn("docker-vm");
    pass(15 * MINUTE);
    expect(await said()).toEqual(["ended: nas is well again"]);
  });

  it("of a host that may be away is none, and a warning where another host is not well because of it", async () => {
    const alone = await toldHome(smallHome({ intermittent: ["nas"] }));
    alone.home.unplug("nas");
    alone.pass(20 * MINUTE);
    expect(await alone.said()).toEqual([]);
    const felt = await toldHome(smallHome({ intermittent: ["nas"] }));
    felt.home.unplug("nas");
    felt.home.becomes("docker-vm/sync", "unhealthy");
    felt.pass(20 * MINUTE);
    expect(await felt.sent()).toMatchObject([
      { title: "nas is not heard of any more", topic: "test-warning" },
    ]);
  });

  it("that was told has its end told also when its host was out of sight meanwhile (R16)", async () => {
    const { pass, home, said } = await toldHome();
    home.becomes("docker-vm/web", "exited");
    pass(2 * MINUTE);
    expect(await said()).toEqual(["began: docker-vm/web exited"]);
    home.unplug("docker-vm");
    pass(50);
    home.plugIn("docker-vm");
    pass(15 * MINUTE);
    expect(await said()).toEqual(["ended: docker-vm/web is well again"]);
  });

  it("of a power cut is one message for the place, though its hosts go one after another", async () => {
    const { pass, home, said } = await toldHome(
      smallHome({ places: { home: ["nas", "docker-vm"] } }),
    );
    home.unplug("docker-vm");
    pass(10);
    home.unplug("nas");
    pass(10 * MINUTE);
    expect(await said()).toEqual(["began: home is not heard of any more: docker-vm, nas"]);
    home.plugIn("nas");
    home.plugIn("docker-vm");
    pass(15 * MINUTE);
    expect(await said()).toEqual(["ended: home is well again"]);
  });

  it("that turns out to have another cause has no end of its own while that lasts", async () => {
    const { pass, home, said } = await toldHome();
    home.becomes("docker-vm/web", "exited");
    pass(2 * MINUTE);
    expect(await said()).toEqual(["began: docker-vm/web exited"]);
    home.becomes("docker-vm/db", "exited");
    pass(20 * MINUTE);
    expect(await said()).toEqual(["began: docker-vm/db exited"]);
    home.plugIn("docker-vm");
    pass(15 * MINUTE);
    expect(await said()).toEqual(["ended: docker-vm/db is well again"]);
  });

  it("that comes and goes is one message, and one when it stays well (R15)", async () => {
    const { pass, home, sent, said } = await toldHome();
    for (let round = 0; round < 30; round++) {
      home.becomes("nas/files", "exited");
      pass(20);
      home.becomes("nas/files", "healthy");
      pass(40);
    }
    const messages = await sent();
    expect(messages.map(({ title }) => title)).toEqual(["nas/files exited"]);
    expect(messages[0]?.message).toContain("it comes and goes");
    pass(15 * MINUTE);
    expect(await said()).toEqual(["ended: nas/files is well again"]);
  });

  it("is no news when the Supervisor starts again, whatever else it remembers (R14)", async () => {
    const { pass, home, said, restart } = await toldHome();
    home.becomes("nas/files", "exited");
    pass(2 * MINUTE);
    expect(await said()).toHaveLength(1);
    for (let start = 0; start < 5; start++) {
      restart();
      pass(2 * MINUTE);
    }
    home.memory = NO_MEMORY;
    restart();
    pass(5 * MINUTE);
    expect(await said()).toEqual([]);
  });

  it("that ended while nobody was told has no end of its own weeks later", async () => {
    const { pass, home, said, restart } = await toldHome();
    home.becomes("nas/files", "exited");
    pass(2 * MINUTE);
    expect(await said()).toHaveLength(1);
    // Notifications are turned off meanwhile, and the Supervisor goes on without them.
    home.becomes("nas/files", "healthy");
    home.during(30 * MINUTE, 5);
    home.time += 21 * 24 * 60 * MINUTE;
    restart();
    pass(5 * MINUTE);
    expect((await said()).filter((one) => one.startsWith("ended"))).toEqual([]);
  });

  it("that lasted for weeks has its end told", async () => {
    const { pass, home, said } = await toldHome();
    home.becomes("nas/files", "exited");
    pass(2 * MINUTE);
    home.time += 21 * 24 * 60 * MINUTE;
    pass(5 * MINUTE);
    await said();
    home.becomes("nas/files", "healthy");
    pass(15 * MINUTE);
    expect((await said()).filter((one) => one.startsWith("ended"))).toEqual([
      "ended: nas/files is well again",
    ]);
  });

  it("counts as told when what was told cannot be read, and later ones are told", async () => {
    const { pass, home, said, spoil, restart, complaints } = await toldHome();
    home.becomes("nas/files", "exited");
    pass(2 * MINUTE);
    expect(await said()).toHaveLength(1);
    spoil("{");
    restart();
    pass(2 * MINUTE);
    expect(await said()).toEqual([]);
    expect(complaints.join()).toContain("told.json cannot be read");
    home.becomes("nas/store", "exited");
    pass(2 * MINUTE);
    expect(await said()).toEqual(["began: nas/store exited"]);
  });

  it("is not told while a person works on the host or deploys it, and is if it is there after", async () => {
    const { pass, home, said } = await toldHome();
    const at = after(home.time);
    home.change("nas", { maintenance: { reason: "a disk", by: "anna", until: null, at } });
    home.becomes("nas/files", "exited");
    pass(5 * MINUTE);
    home.change("nas", { maintenance: null, deploying: { run: null, stage: null, at } });
    pass(5 * MINUTE);
    expect(await said()).toEqual([]);
    home.change("nas", { deploying: null });
    pass(10);
    expect(await said()).toEqual(["began: nas/files exited"]);
  });

  it("of a host that boots is left to it for five minutes", async () => {
    const { pass, home, said } = await toldHome();
    home.change("nas", { program: { build: "b", boot: "2", at: after(home.time) } });
    home.becomes("nas/files", "exited");
    pass(4 * MINUTE);
    expect(await said()).toEqual([]);
    pass(2 * MINUTE);
    expect(await said()).toEqual(["began: nas/files exited"]);
  });

  it("is plain text of a length that ntfy takes, whatever a host says and however much suffers", async () => {
    const many = Array.from({ length: 200 }, (_, at) => {
      return serviceOf(`service-with-a-long-name-${"n".repeat(80)}-${at}`, "gate:disk");
    });
    const { pass, home, sent, ntfy } = await toldHome(
      new Home(repositoryOf([hostOf("nas", ...many)])),
    );
    for (const { name } of many) home.becomes(`nas/${name}`, "exited");
    const at = after(home.time);
    const seen = `\u202e[click](https://evil.example) \u001b[31m${'"\\€'.repeat(150)}`;
    home.change("nas", { gates: { disk: { state: "closed", since: at, at, seen } } });
    pass(3 * MINUTE);
    const [taken, ...more] = await sent();
    expect(more).toEqual([]);
    expect(ntfy.statuses).toEqual([200]);
    expect(Buffer.byteLength(taken?.title ?? "")).toBeLessThanOrEqual(200);
    expect(taken?.title).toContain("\\u202e[click](https://evil.example) \\u001b[31m");
    expect(taken?.message).toMatch(/^not well because of it: nas\/service.* and 19\d more$/m);
  });
});

describe("a control plane that cannot tell", () => {
  it("is one message when that lasts longer than any restart, and one for its end", async () => {
    const { pass, blind, said, restart } = await toldHome();
    blind(9 * MINUTE);
    expect(await said()).toEqual([]);
    pass(10);
    blind(20 * MINUTE);
    restart();
    blind(20 * MINUTE);
    expect(await said()).toEqual([
      "began: the control plane cannot tell how any host is: nothing is heard of the Observer",
    ]);
    pass(10);
    expect(await said()).toEqual(["ended: the control plane is well again"]);
  });
});
