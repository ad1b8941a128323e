import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { MAINTENANCE } from "../../../model/paths.ts";
import { datedCertificate } from "../../support/dated-certificate.ts";
import { declaredHost } from "../support/declared.ts";
import { homelab, on, openLab, tryOn, type Lab } from "../support/lab.ts";
import { untilLeftAlone, worldOf } from "../support/left-alone.ts";
import { Reader, type Told } from "../support/told.ts";

const HOST = "docker-vm";
const PROXY = `${HOST}/caddy`;
const CADDYFILE = "/etc/caddy/Caddyfile";
const [CERTIFICATE, KEY, TRIAL] = ["/tmp/trial.crt", "/tmp/trial.key", "/tmp/trial.caddyfile"];
/** In milliseconds. A sixth of it is far more than the test takes. */
const LIFETIME = 3600_000;
/** Until the certificate has less than a sixth left: what began before the host booted is left to it. */
const SOON = 8000;
const WAIT = { timeout: 180_000, interval: 1000 };

let lab: Lab;
let reader: Reader;
/** Of the VPS, when nothing had happened yet. */
let start: number;
/** A site of the proxy. */
let name: string;

beforeAll(async () => {
  lab = await openLab();
  reader = await Reader.open(lab);
  const { reporting } = await declaredHost(lab, HOST);
  name = reporting?.proxy?.names[0] ?? "";
  await untilLeftAlone(lab, HOST);
  start = Number(await on(lab, "vps", "date +%s"));
});

afterAll(async () => {
  await tryOn(
    lab,
    HOST,
    `rm -f ${MAINTENANCE}; docker exec caddy rm -f ${CERTIFICATE} ${KEY} ${TRIAL}; ${reloadWith(CADDYFILE)}`,
  );
});

/** Has Caddy take a Caddyfile in its container. */
function reloadWith(file: string): string {
  return `docker exec caddy caddy reload --config ${file} --adapter caddyfile --force`;
}

/** Has Caddy show a certificate for that name which is about to run out, and which it does not renew. */
async function showEnding(): Promise<void> {
  const now = Date.now();
  const { cert, key } = await datedCertificate(
    name,
    now + SOON - (LIFETIME * 5) / 6,
    now + SOON + LIFETIME / 6,
  );
  const put = (file: string, text: string): string =>
    `docker exec --interactive caddy sh -c 'cat >${file}' <<'END'\n${text}END`;
  await on(
    lab,
    HOST,
    `${put(CERTIFICATE, cert)}
${put(KEY, key)}
docker exec caddy cat ${CADDYFILE} | sed '/^${name} {$/a tls ${CERTIFICATE} ${KEY}' | docker exec --interactive caddy sh -c 'cat >${TRIAL}'
${reloadWith(TRIAL)}`,
  );
}

/** Begins to work on the host, which has the host look at itself at once, and waits until that is known. */
async function work(): Promise<void> {
  await on(lab, HOST, `echo '{"reason":"a trial","by":"a test"}' >${MAINTENANCE}`);
  await vi.waitFor(async () => {
    expect((await worldOf(lab, HOST))?.maintenance?.reason).toBe("a trial");
  }, WAIT);
}

/** What was told of the proxy. */
async function messages(): Promise<Told[]> {
  return (await reader.since(start)).filter(({ title }) => title.startsWith(PROXY));
}

async function titles(): Promise<string[]> {
  return (await messages()).map(({ title }) => title);
}

const HELPS = `ssh ${HOST} docker logs --since 24h caddy`;
const NEWS = /^docker-vm\/caddy has a certificate of \S+ that expires in \d+ min$/;

describe("a certificate that nobody renews", () => {
  it("is one message with the command that helps, while it can still be used", async () => {
    await Promise.all([showEnding(), work()]);
    await on(lab, HOST, `rm ${MAINTENANCE}`);
    await vi.waitFor(async () => {
      expect(await titles()).toEqual([expect.stringMatching(NEWS)]);
    }, WAIT);
    expect((await messages())[0]?.message).toContain(HELPS);
    const { output } = await homelab(lab, ["incidents"]);
    expect(output).toMatch(new RegExp(`${PROXY} .*has a certificate of ${name} that expires`));
    expect(output).toContain(HELPS);
  });

  it("is one message for its end, once the proxy shows another", async () => {
    await on(lab, HOST, reloadWith(CADDYFILE));
    await work();
    await on(lab, HOST, `rm ${MAINTENANCE}`);
    await vi.waitFor(async () => {
      expect(await titles()).toEqual([expect.stringMatching(NEWS), `${PROXY} is well again`]);
    }, WAIT);
  });
});
