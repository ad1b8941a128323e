import { describe, expect, it } from "vitest";
import { serviceOf } from "../support/plan.ts";
import { imported, importedText, told } from "./support/imported.ts";
import type { ImportedApp } from "../../compose/import.ts";
import { planText, service } from "./support/service.ts";

describe("a service with labels of Traefik and Homepage", () => {
  const bookmarks = service("bookmarks", "bookmarks");

  it("gets a route behind the household's login, and a tile", () => {
    expect(bookmarks.routes).toEqual([{ name: "links", port: 9090, auth: true }]);
    expect(bookmarks.tile).toEqual({
      group: "Tools",
      title: "Bookmarks",
      description: "Links to keep",
      icon: "linkding.png",
    });
  });

  it("is on the proxy's network, starts after the proxy, and publishes for the host alone", () => {
    expect(bookmarks.networks.map(({ name }) => name)).toContain("caddy-net");
    expect(bookmarks.requires).toMatchObject([{ on: "caddy", strength: "soft" }]);
    expect(bookmarks.ports?.map(({ bind }) => bind)).toEqual(["127.0.0.1"]);
  });

  it("names its own site by the household's domain", () => {
    expect(planText(imported("bookmarks"))).toContain("`https://${at}.${site.domain}`");
  });

  it("keeps what is not plain out, and says so", () => {
    const lines = told(imported("reverse-proxy"));
    expect(lines).toContainEqual(expect.stringMatching(/^dropped services\.api\.labels: the rule/));
    expect(lines).toContainEqual(expect.stringMatching(/labels: homepage\.widget\.type, /));
    expect(service("reverse-proxy", "reverse-proxy-whoami").routes).toEqual([
      { name: "whoami", port: 80 },
      { name: "me", port: 80 },
    ]);
  });

  it("asks for a login where a middleware may have done so, whatever it is called", () => {
    const text = (middleware: string, defined = "") => `services:
  a:
    image: x/y:1
    expose: [80]
    labels:
      - traefik.http.routers.a.rule=Host(\`a.example.org\`)
      - traefik.http.routers.a.middlewares=${middleware}
${defined}`;
    const auth = (app: ImportedApp) => app.declared.services[0]?.routes?.[0]?.auth ?? false;
    const basic = "      - traefik.http.middlewares.door.basicauth.users=me:$$2y$$05$$canary\n";
    expect(auth(importedText(text("door", basic)))).toBe(true);
    expect(auth(importedText(text("to-https,headers@file")))).toBe(false);
    const unknown = importedText(text("door@file"));
    expect(auth(unknown)).toBe(true);
    expect(told(unknown)).toContainEqual(
      expect.stringMatching(/^decide .*whether door@file let in/),
    );
  });

  it("is imported without the proxy, unless somebody names that", () => {
    const names = (services?: string[]) =>
      imported("reverse-proxy", { services }).declared.services.map(({ name }) => name);
    expect(names()).toEqual(["reverse-proxy-whoami", "reverse-proxy-api"]);
    expect(names(["traefik"])).toEqual(["reverse-proxy-traefik"]);
  });
});

describe("the long forms", () => {
  it("come to the declaration that the short ones come to", () => {
    const web = service("long-form", "everything-web");
    expect(web).toMatchObject({
      image: "registry.example.net:5000/team/web:7.1.0",
      limits: { memory: "1536MiB", cpus: 0.75 },
      capabilities: ["NET_BIND_SERVICE"],
      readOnlyRoot: true,
      groups: ["44"],
      init: true,
      hostname: "web.inside",
      extraHosts: { printer: "192.0.2.44", "host.docker.internal": "host-gateway" },
      sharedMemory: "256MiB",
      stopGrace: "120s",
      logs: { maxSize: "20MiB", maxFiles: 3 },
      requires: [{ on: "everything-store", condition: "healthy", strength: "hard" }],
    });
    expect(web.ports).toEqual([
      { bind: "127.0.0.1", host: 8080, container: 8080, protocol: "tcp" },
      { bind: "0.0.0.0", host: 9000, container: 9000, protocol: "udp" },
    ]);
    expect(web.networks).toContainEqual({
      name: "everything-back",
      aliases: ["web"],
      address: "172.31.61.10",
    });
    expect(web.health).toMatchObject({ startPeriod: "3m", deadline: "4m" });
  });

  it("leave out what has no counterpart, each with its reason", () => {
    const dropped = told(imported("long-form")).filter((line) => line.startsWith("dropped"));
    expect(dropped).toEqual([
      "dropped services.web.ulimits: the engine's own are used",
      "dropped services.web.sysctls: kernel settings are the host's",
      expect.stringMatching(/^dropped services\.web\.deploy\.resources\.reservations: /),
    ]);
  });
});

describe("anchors, extends and profiles", () => {
  it("merge what stands elsewhere in the file, the own words first", () => {
    const mailer = service("anchors", "anchors-mailer");
    expect(mailer.env).toEqual({ REDIS_URL: "redis://cache:6379/0", LOG_LEVEL: "info" });
    const thumbnails = service("anchors", "anchors-thumbnails");
    expect(thumbnails.command).toEqual(["jobs", "run", "--queue", "thumb nails"]);
    expect(thumbnails.health).toMatchObject({ interval: "120s", retries: 4 });
    expect(thumbnails.logs).toEqual({ maxSize: "5MiB", maxFiles: 2 });
  });

  it("take over a service of another file, whose paths start beside that file", () => {
    const app = imported("extended", { profiles: ["dev"] });
    const blog = serviceOf(app.declared, "extended-blog");
    expect(blog).toMatchObject({
      image: "ghcr.io/example/blog:5.0.2",
      user: "33:33",
      capabilities: ["NET_RAW"],
      env: { TITLE: "Mine", LANGUAGE: "en", RAW: "costs $5" },
      limits: { memory: "512MiB" },
    });
    const preview = serviceOf(app.declared, "extended-preview");
    expect(preview).toMatchObject({
      command: ["preview"],
      env: { TITLE: "Preview", LANGUAGE: "en" },
    });
    const [{ volumes } = { volumes: [] }] = app.takenOver;
    expect(volumes[0]?.[0]).toMatch(/\/files\/extended\/base\/content$/);
  });

  it("bring the services of a profile when it is asked for, and say which are left", () => {
    const names = (profiles: string[]) =>
      imported("media-set", { profiles }).declared.services.map(({ name }) => name);
    expect(names([])).toEqual(["media-set-prowlarr", "media-set-sonarr"]);
    expect(names(["watch"])).toContain("media-set-jellyfin");
    expect(names(["*"])).toHaveLength(5);
    expect(told(imported("media-set"))).toContain(
      "dropped services.jellyfin: it is in the profile watch; --profile brings it",
    );
  });

  it("let a named service bring what it needs, and nothing else", () => {
    const names = (alone: boolean) =>
      imported("anchors", { services: ["mailer"], alone }).declared.services.map(
        ({ name }) => name,
      );
    expect(names(false)).toEqual(["anchors-cache", "anchors-mailer"]);
    expect(names(true)).toEqual(["anchors-mailer"]);
  });
});
