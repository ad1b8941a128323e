import { describe, expect, it } from "vitest";
import { javya } from "../../../components/javya/javya.plan.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

const plan = javya(site, {
  registry: "git.home.example:3000/household",
  version: "1.2.0",
  proxyNetwork: "coolify",
});

describe("Javya", () => {
  it("has a backend that names the one driver it has for its database", () => {
    const texts = (serviceOf(plan, "javya-backend").files ?? []).map(({ content }) =>
      content.kind === "text" ? content.text : "",
    );
    expect(texts.join("")).toContain('DATABASE_URL="postgresql+asyncpg://javya:');
  });

  it("has a page at a port that nginx may open without root", () => {
    const { routes, health } = serviceOf(plan, "javya-frontend");
    expect(routes).toMatchObject([{ name: "javya", port: 8080 }]);
    expect(health.test).toContain("http://127.0.0.1:8080/");
  });
});
