import { describe, expect, it } from "vitest";
import { mosquitto } from "../../../components/automation/mosquitto.plan.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { site } from "../../support/site.ts";

const [broker] = mosquitto(site).services as [ServiceDeclaration];

function file(target: string) {
  return broker.files?.find((candidate) => candidate.target === target);
}

describe("Mosquitto", () => {
  it("is healthy when it answers a subscription that gives a password, but not as an argument", () => {
    expect(broker.health.test).toContain("$SYS/broker/version");
    expect(broker.health.test).not.toContain("-P");
    const folder = broker.env?.["XDG_CONFIG_HOME"] ?? "";
    expect(file(`${folder}/mosquitto_sub`)?.content).toEqual({
      kind: "template",
      template: "-u frigate\n-P {{mqtt-frigate-password}}\n",
    });
  });

  it("gives each file to the user who reads it: passwords to the broker, options to the check", () => {
    expect(file("/run/secrets/mosquitto-passwords")?.owner).toBe("1883:1883");
    expect(file("/run/health/mosquitto_sub")?.owner).toBe("0:0");
    expect(broker.capabilities).not.toContain("DAC_OVERRIDE");
  });

  it("lets nobody in without a password", () => {
    const config = JSON.stringify(file("/mosquitto/config/mosquitto.conf")?.content);
    expect(config).toContain("allow_anonymous false");
    expect(config).toContain("password_file /run/secrets/mosquitto-passwords");
  });

  it("listens on the loopback of the host only", () => {
    expect(broker.ports?.map(({ bind }) => bind)).toEqual(["127.0.0.1", "127.0.0.1"]);
  });
});
