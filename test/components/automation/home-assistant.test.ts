import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  homeAssistantAutomations,
  homeAssistantConfig,
  homeAssistantDashboard,
} from "../../../components/automation/home-assistant-config.plan.ts";
import { homeAssistantPlan } from "../../../components/automation/home-assistant.plan.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { site } from "../../support/site.ts";

const [server, backup] = homeAssistantPlan(site).services as [
  ServiceDeclaration,
  ServiceDeclaration,
];

/** The configuration with Home Assistant's own tags taken as plain text. */
function config(): Record<string, unknown> {
  const text = homeAssistantConfig(site).replaceAll(/!(secret|include) (\S+)/g, '"$1 $2"');
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
    expect(holders?.map(({ target }) => target)).toEqual(["/config/secrets.yaml"]);
  });

  it("is configured with every file that its configuration includes", () => {
    const targets = server.files?.map(({ target }) => target) ?? [];
    const included = [...homeAssistantConfig(site).matchAll(/!include (\S+)|filename: (\S+)/g)];
    for (const [, include, dashboard] of included) {
      expect(targets).toContain(`/config/${include ?? dashboard ?? ""}`);
    }
    expect(included).toHaveLength(2);
  });

  it("takes visitors' addresses from the engine's networks only and keeps a week of history", () => {
    expect(config()).toMatchObject({
      http: { use_x_forwarded_for: true, trusted_proxies: ["172.16.0.0/12"] },
      recorder: { purge_keep_days: 7 },
      notify: [{ resource: "https://notify.home.example", data: { topic: "homelab" } }],
    });
  });

  it("announces people at the three cameras, the indoor one loudest and in any zone", () => {
    const automations = parse(homeAssistantAutomations([])) as {
      conditions: { value_template: string }[];
      actions: { data: { priority: number } }[];
    }[];
    expect(automations.map(({ actions }) => actions[0]?.data.priority)).toEqual([4, 4, 5]);
    const tests = automations.map(({ conditions }) =>
      conditions.map(({ value_template }) => value_template).join(" "),
    );
    expect(tests[0]).toContain("'driveway' in");
    expect(tests[1]).toContain("'terraza' in");
    expect(tests[2]).not.toContain("entered_zones");
  });

  it("says nothing of the faces it knows", () => {
    expect(homeAssistantAutomations(["anna"])).toContain("anna");
    expect(homeAssistantAutomations([])).not.toContain("sub_label");
  });

  it("shows each camera on its dashboard", () => {
    expect(homeAssistantDashboard()).toMatch(/front_door[\s\S]*back_yard[\s\S]*indoor/);
  });

  it("leaves the recorder's database out of its copy", () => {
    expect(backup.backup?.excludes).toContain("home-assistant_v2.db");
  });
});
