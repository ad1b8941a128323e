import { describe, expect, it } from "vitest";
import { serviceOf } from "../support/plan.ts";
import { withCopies } from "../support/with-copies.ts";
import { imported, importedText, told } from "./support/imported.ts";
import { planText, service } from "./support/service.ts";

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
