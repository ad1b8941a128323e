import { describe, expect, it } from "vitest";
import type { AppService } from "../../model/declaration.ts";
import { serviceOf } from "../support/plan.ts";
import { withCopies } from "../support/with-copies.ts";
import { imported, importedText, told } from "./support/imported.ts";
import type { ImportedApp } from "../../compose/import.ts";

function planText({ files }: ImportedApp): string {
  return files.map(({ text }) => text).join("\n");
}

function service(name: string, container: string, profiles: string[] = []): AppService {
  return serviceOf(imported(name, { profiles }).declared, container);
}

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

describe("a database", () => {
  it("of PostgreSQL is dumped into a copy together with the app's volumes", () => {
    const { services, volumes } = withCopies(imported("document-archive").declared);
    const job = services.find(({ backup }) => backup);
    expect(job?.backup?.protects).toEqual([
      "document-archive-redisdata",
      "document-archive-data",
      "document-archive-media",
      "document-archive-export",
      "document-archive-consume",
      "document-archive-pgdata",
    ]);
    expect(volumes.find(({ name }) => name.endsWith("pgdata"))).toMatchObject({ neverLose: true });
  });

  it("follows its secret, and is found under the name that the file has for it", () => {
    const db = service("notes", "notes-db");
    expect(db.databaseRole).toEqual({
      role: "notes",
      database: "notes",
      secret: "notes-db-password",
    });
    expect(db.networks).toEqual([{ name: "notes-net", aliases: ["db"] }]);
    expect(db.env).not.toHaveProperty("POSTGRES_PASSWORD");
  });

  it("of another kind leaves a person to say how it is copied", () => {
    const app = importedText(
      "services: {db: {image: 'mariadb:11.4', volumes: ['d:/var/lib/mysql']}}\nvolumes: {d: }\n",
    );
    expect(told(app)).toContainEqual(
      expect.stringMatching(/^decide .*how the database of "db" is/),
    );
  });
});

describe("secrets", () => {
  it("of one value are one secret, however they are called", () => {
    const { secrets } = imported("feeds");
    expect(secrets.map(({ name }) => name).sort()).toEqual([
      "feeds-admin-password",
      "feeds-postgres-password",
    ]);
  });

  it("inside an address leave the rest of it readable", () => {
    const file = service("feeds", "feeds").files?.find(({ target }) =>
      target.endsWith("database-url"),
    );
    expect(file?.content).toEqual({
      kind: "template",
      template: "postgres://feeds:{{feeds-postgres-password}}@feeds-db/feeds?sslmode=disable",
    });
  });

  it("without a value anywhere are made up, those with one are asked of a person", () => {
    const text = "services: {a: {image: 'x/y:1', environment: {API_TOKEN: '${API_TOKEN}'}}}";
    expect(planText(importedText(text))).toContain(
      '"test-api-token": generated("test: api token")',
    );
    expect(planText(importedText(text, { ".env": "API_TOKEN=canary-1" }))).toContain(
      '"test-api-token": person("test: api token", "the value of API_TOKEN in .env")',
    );
  });

  it("reach a program with an entry point of its own through a script, and nobody else", () => {
    const app = service("notes", "notes-app");
    expect(app.entrypoint).toEqual(["/bin/sh", "/homelab/start.sh"]);
    expect(app.command).toEqual(["/app/server", "--listen", "0.0.0.0:8080", "--title", "My notes"]);
    expect(app.env).not.toHaveProperty("SESSION_SECRET");
    const script = app.files?.find(({ target }) => target === "/homelab/start.sh")?.content;
    expect(script).toMatchObject({ kind: "text" });
    expect(JSON.stringify(script)).toContain("SESSION_SECRET=$(cat /run/secrets/session-secret)");
  });

  it("in a command or a check are a decision, with a placeholder in their place", () => {
    const agent = imported("house-rules");
    expect(serviceOf(agent.declared, "house-rules-agent").command).toEqual([
      "agent",
      "--token",
      "{{house-rules-agent-password}}",
    ]);
    expect(told(agent)).toContainEqual(expect.stringMatching(/^decide services\.agent\.command: /));
    expect(serviceOf(imported("git-server").declared, "git-server-db").health.test.at(-1)).toBe(
      "-p{{git-server-gitea-database-passwd}}",
    );
  });

  it("keep a settings file out of the plan that may hold one", () => {
    const git = imported("git-server");
    expect(told(git)).toContainEqual(expect.stringMatching(/^decide .*what becomes of the file/));
    expect(git.files.map(({ path }) => path)).not.toContainEqual(expect.stringMatching(/config/));
  });

  it("of the top level are mounted where the service asks for them", () => {
    expect(service("long-form", "everything-web").files).toContainEqual({
      target: "/run/secrets/cookie",
      content: { kind: "secret", secret: "everything-cookie-key" },
      owner: "2000:2000",
      mode: "0400",
    });
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

describe("the rules of the house", () => {
  const lines = told(imported("house-rules"));

  it.each([
    ["an image without a version", /^decide services\.agent\.image: which version of /],
    ["an image that is built", /^decide services\.migrate\.build: "migrate" has no image/],
    ["privileged", /^decide services\.agent\.privileged: no container/],
    ["the host's network", /^decide services\.agent\.network_mode: which ports/],
    ["the engine's socket", /^decide services\.agent\.volumes\[1\]: whether "agent" may have/],
    ["a folder of the host", /^decide services\.agent\.volumes\[0\]: which folder/],
    ["a share as a volume", /^decide services\.agent\.volumes\[3\]: where on docker-vm a share/],
    ["a service without a check", /^decide services\.agent\.image: how the engine finds out/],
    ["a user by name", /^decide services\.panel\.user: which numbers "www-data"/],
    ["a container that ends", /^decide services\.panel\.depends_on\.migrate: how "migrate" does/],
    ["restarts", /^changed services\.agent\.restart: "always": started again after a crash/],
    ["a volume without a name", /^changed services\.agent\.volumes\[4\]: the volume without/],
    ["security options", /^dropped services\.agent\.security_opt: /],
    ["a port that the engine chooses", /^dropped services\.panel\.ports: 8443: /],
    ["an address of IPv6", /^dropped services\.panel\.ports: 8080:8080\/tcp: only addresses/],
    ["an open port", /^assumed services\.panel\.ports: 9443:9443\/tcp stays open/],
    ["Watchtower", /^dropped services\.watchtower\.image: "watchtower" is left out/],
  ])("say what becomes of %s", (_, line) => {
    expect(lines).toContainEqual(expect.stringMatching(line));
  });

  it("mount the engine's socket read-only, whatever the file says", () => {
    const agent = service("house-rules", "house-rules-agent");
    expect(agent.mounts).toContainEqual({
      kind: "bind",
      source: "/var/run/docker.sock",
      target: "/var/run/docker.sock",
      readOnly: true,
    });
  });

  it("give a user of its own no capability but those that the file adds", () => {
    expect(service("feeds", "feeds")).not.toHaveProperty("capabilities");
    expect(service("media-set", "media-set-gluetun", ["*"]).capabilities).toContain("NET_ADMIN");
  });

  it("write a device behind a gate of the household, or ask for one", () => {
    const jellyfin = service("media-set", "media-set-jellyfin", ["*"]);
    expect(jellyfin.devices).toEqual(["/dev/dri"]);
    expect(jellyfin.requires).toContainEqual(expect.objectContaining({ on: "gate:dri" }));
    expect(told(imported("media-set", { profiles: ["*"] }))).toContainEqual(
      expect.stringMatching(/^decide services\.gluetun\.devices: add the gate \{ name: "net-tun"/),
    );
  });
});
