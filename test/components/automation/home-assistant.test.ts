import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  homeAssistantAutomations,
  homeAssistantConfig,
  homeAssistantDashboard,
  homeAssistantNotify,
  homeAssistantRestCommand,
  homeAssistantStartScript,
  type Watched,
} from "../../../components/automation/home-assistant-config.plan.ts";
import { homeAssistant } from "../../../components/automation/home-assistant.plan.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { ScriptRoom } from "../../support/script.ts";
import { proxy } from "../../support/proxy.ts";
import { site } from "../../support/site.ts";
import { withCopies } from "../../support/with-copies.ts";

const [server, backup] = withCopies(homeAssistant(site, { proxy })).services as [
  ServiceDeclaration,
  ServiceDeclaration,
];

/** The configuration with Home Assistant's own tags taken as plain text. */
function config(): Record<string, unknown> {
  const text = homeAssistantConfig(proxy).replaceAll(/!(include\w*) (\S+)/g, '"$1 $2"');
  return parse(text) as Record<string, unknown>;
}

describe("Home Assistant", () => {
  it("starts when the broker is healthy, and its backup when it is itself", () => {
    expect(server.requires).toMatchObject([
      { on: "mosquitto", condition: "healthy", strength: "hard" },
    ]);
    expect(backup.requires?.[0]).toMatchObject({ on: "homeassistant", condition: "healthy" });
  });

  it("may write to its configuration volume", () => {
    const mount = server.mounts?.find(({ target }) => target === "/config");
    expect(mount).not.toHaveProperty("readOnly", true);
  });

  it("has the token for messages in its secrets file and nowhere else", () => {
    const holders = server.files?.filter((file) => JSON.stringify(file).includes("ntfy-token"));
    expect(holders?.map(({ target }) => target)).toEqual(["/config/homelab/secrets.yaml"]);
  });

  /** Files that its configuration names. */
  const named = [...homeAssistantConfig(proxy).matchAll(/(?:!include|filename:) (\S+)/g)].map(
    ([, name = ""]) => `/config/${name}`,
  );

  it("finds every file that its configuration names: mounted, or made at its start", () => {
    const room = new ScriptRoom();
    room.file("/config/.keep", "");
    room.program("init", 'echo "Home Assistant runs"');
    const script = homeAssistantStartScript().replace("/init", "init");
    expect(room.run(script, ["/config"]).stdout).toBe("Home Assistant runs");
    const mounted = server.files?.map(({ target }) => target) ?? [];
    const missing = named.filter((path) => !mounted.includes(path) && !existsSync(room.path(path)));
    expect(named).toHaveLength(7);
    expect(missing).toEqual([]);
  });

  it("leaves alone what a person wrote, and fills what a mounted file left empty", () => {
    const room = new ScriptRoom();
    room.file("/config/automations.yaml", "- id: theirs\n");
    room.file("/config/secrets.yaml", "");
    room.program("init");
    room.run(homeAssistantStartScript().replace("/init", "init"), ["/config"]);
    expect(readFileSync(room.path("/config/automations.yaml"), "utf8")).toBe("- id: theirs\n");
    expect(parse(readFileSync(room.path("/config/secrets.yaml"), "utf8"))).toEqual({});
  });

  it("lets its page write automations, scripts and scenes: no file is mounted there", () => {
    const mounted = server.files?.map(({ target }) => target) ?? [];
    for (const kind of ["automation", "script", "scene"]) {
      expect(config()[kind]).toBe(`include ${kind}s.yaml`);
      expect(mounted).not.toContain(`/config/${kind}s.yaml`);
    }
    expect(config()["automation homelab"]).toBe("include homelab/automations.yaml");
  });

  it("lets its page say where the home is, and a person have YAML of their own", () => {
    expect(config()["homeassistant"]).toEqual({ packages: "include_dir_named packages" });
  });

  it("takes visitors' addresses from the engine's networks only and keeps a week of history", () => {
    expect(config()).toMatchObject({
      http: { use_x_forwarded_for: true, trusted_proxies: ["172.16.0.0/12"] },
      recorder: { purge_keep_days: 7 },
    });
  });

  it("sends its messages to ntfy with a token that is no part of the text", () => {
    const read = (text: string) => parse(text.replaceAll(/!(secret) (\S+)/g, '"$1 $2"')) as unknown;
    expect(read(homeAssistantNotify(site))).toMatchObject([
      {
        resource: "https://notify.home.example",
        headers: { Authorization: "secret ntfy_authorization" },
        data: { topic: "homelab" },
      },
    ]);
    expect(read(homeAssistantRestCommand(site))).toMatchObject({
      ntfy: { url: "https://notify.home.example/homelab", method: "POST" },
    });
  });

  const cameras: readonly Watched[] = [
    { camera: "front_gate", title: "Front gate", zone: "path", priority: 4 },
    { camera: "indoor", title: "Indoor", priority: 5 },
  ];

  it("announces people at each camera as loud as that asks for, in its zone or in any", () => {
    const automations = parse(homeAssistantAutomations(cameras, [])) as {
      conditions: { value_template: string }[];
      actions: { data: { priority: number } }[];
    }[];
    expect(automations.map(({ actions }) => actions[0]?.data.priority)).toEqual([4, 5]);
    const tests = automations.map(({ conditions }) =>
      conditions.map(({ value_template }) => value_template).join(" "),
    );
    expect(tests[0]).toContain("'path' in");
    expect(tests[1]).not.toContain("entered_zones");
  });

  it("says nothing of the faces it knows", () => {
    expect(homeAssistantAutomations(cameras, ["anna"])).toContain("anna");
    expect(homeAssistantAutomations(cameras, [])).not.toContain("sub_label");
  });

  it("shows each camera on its dashboard", () => {
    expect(homeAssistantDashboard(cameras)).toMatch(/front_gate[\s\S]*indoor/);
  });

  it("leaves the recorder's database out of its copy", () => {
    expect(backup.backup?.excludes).toContain("home-assistant_v2.db");
  });
});
