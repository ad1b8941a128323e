import { describe, expect, it } from "vitest";
import { bentopdf } from "../../../components/tools/bentopdf.plan.ts";
import { dozzle } from "../../../components/tools/dozzle.plan.ts";
import { homepage } from "../../../components/tools/homepage.plan.ts";
import { proxy } from "../../support/proxy.ts";
import { site } from "../../support/site.ts";

const plans = {
  Dozzle: dozzle(site, { proxy }),
  BentoPDF: bentopdf(site, { proxy }),
  Homepage: homepage(site, { proxy, tiles: new Map() }),
};

describe("the tools", () => {
  it.each(Object.entries(plans))("%s is behind Authelia and starts after the proxy", (_, plan) => {
    const [tool] = plan.services;
    expect(tool?.routes?.map(({ auth }) => auth)).toEqual([true]);
    expect(tool?.requires).toMatchObject([{ on: proxy.service, condition: "started" }]);
  });

  it.each(Object.entries(plans))("%s is published on the loopback only", (_, plan) => {
    expect(plan.services[0]?.ports?.map(({ bind }) => bind)).toEqual(["127.0.0.1"]);
  });

  it("leave the headers that isolate BentoPDF's page to its own server, for two make them void", () => {
    expect(plans.BentoPDF.services[0]?.routes).toEqual([
      { name: "bentopdf", port: 8080, auth: true },
    ]);
  });

  it("let Dozzle keep the notices that were set in its page, though its root is read-only", () => {
    expect(plans.Dozzle.services[0]).toMatchObject({ readOnlyRoot: true });
    expect(plans.Dozzle.services[0]?.mounts).toContainEqual({
      kind: "volume",
      volume: "dozzle-data",
      target: "/data",
    });
  });

  it("cannot write to the engine's socket file", () => {
    for (const name of ["Dozzle", "Homepage"] as const) {
      const socket = plans[name].services[0]?.mounts?.find(
        ({ target }) => target === "/var/run/docker.sock",
      );
      expect(socket).toMatchObject({ kind: "bind", readOnly: true });
    }
  });
});
