import { describe, expect, it } from "vitest";
import {
  isSecretName,
  isSecretValue,
  withoutSecrets,
} from "../../../compose/secrets/looks-secret.ts";
import { maySecretsBeIn } from "../../../compose/secrets/suspicious.ts";
import { Vault } from "../../../compose/secrets/vault.ts";

describe("the name of a variable", () => {
  it.each(
    "PASSWORD DB_PASSWORD POSTGRES_PASS MYSQL_ROOT_PASSWORD mqttPassword API_KEY APIKEY ApiToken SECRET_KEY_BASE APP_KEY TS_AUTHKEY WIREGUARD_PRIVATE_KEY PAPERLESS_DBPASS smtppass ROOTPW GITEA__database__PASSWD SLACK_WEBHOOK_URL JWT_SECRET REDISCLI_AUTH_PASSWORD".split(
      " ",
    ),
  )("%s means a secret", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(
    "PWD POSTGRES_PASSWORD_FILE TOKEN_TTL PASSWORD_MIN_LENGTH SECRET_NAME KEYBOARD MONKEY TOKEN_URL BYPASS COMPASS_HOST KEY_PATH PUBLIC_URL".split(
      " ",
    ),
  )("%s means none", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe("a value", () => {
  it.each([
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "ghp_0123456789abcdefghij",
    "0123456789abcdef0123456789abcdef",
    "Zm9vYmFyQmF6MTIzNDU2Nzg5MGFiY2RlZmdoaWo=",
    "$2a$10$abcdefghijklmnopqrstuv",
  ])("%s is a secret by its looks", (value) => {
    expect(isSecretValue(value)).toBe(true);
  });

  it.each([
    "/var/lib/postgresql/data/With/Many/Folders1",
    "America/Argentina/Buenos_Aires",
    "ghcr.io/example/app:1.0",
    "https://photos.home.example",
    "chromium-disable-javascript-and-more",
  ])("%s is none", (value) => {
    expect(isSecretValue(value)).toBe(false);
  });
});

describe("a secret inside a text", () => {
  it.each([
    ["postgres://app:s3cret@db/app", "postgres://app:*@db/app"],
    ["redis://:s3cret@cache:6379", "redis://:*@cache:6379"],
    ["app:s3cret@tcp(db:3306)/app", "app:*@tcp(db:3306)/app"],
    ["host=db password=s3cret dbname=app", "host=db password=* dbname=app"],
    ["redis-server --requirepass s3cret --port 1", "redis-server --requirepass * --port 1"],
    ["curl -H 'Authorization: Bearer s3cret12345'", "curl -H 'Authorization: Bearer *'"],
    ["https://host/?token=s3cret&x=1", "https://host/?token=*&x=1"],
  ])("%s", (text, without) => {
    expect(withoutSecrets(text, () => "*")).toBe(without);
  });

  it.each([
    "mysqladmin ping -p$MYSQL_PASSWORD",
    "pg_isready -U app",
    "--token-ttl 5m",
    "password: true",
  ])("is not in %s", (text) => {
    expect(withoutSecrets(text, () => "*")).toBe(text);
  });
});

describe("a settings file", () => {
  it.each([
    "password: s3cret\n",
    'api_key = "abc"\n',
    "url=postgres://a:b1c2d3@c/d\n",
    "seed 0123456789abcdef0123456789abcdef\n",
  ])("may hold a secret: %j", (text) => {
    expect(maySecretsBeIn(text, new Vault("app"))).toBe(true);
  });

  it("may hold one that stands elsewhere", () => {
    const vault = new Vault("app");
    vault.hide("PIN", "blue-horse-7", "somewhere");
    expect(maySecretsBeIn("greeting: blue-horse-7\n", vault)).toBe(true);
  });

  it.each(["listen 80;\nroot /srv;\n", "title = 'A page'\n", "password_file: /run/secrets/x\n"])(
    "holds none: %j",
    (text) => {
      expect(maySecretsBeIn(text, new Vault("app"))).toBe(false);
    },
  );
});
