import { createServer as createTcp, type AddressInfo, type Server } from "node:net";
import { createSecureContext, createServer } from "node:tls";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { happening } from "../../../../control-plane/contract/events.ts";
import { nearestEnd, type KnownCertificates } from "../../../../programs/boot/foot/certificate.ts";
import { datedCertificate, type DatedCertificate } from "../../../support/dated-certificate.ts";
import { engineWith, WAIT } from "./known-host.ts";
import { settingsFor, startFoot, ToldObserver } from "./told-observer.ts";

const DAY = 24 * 3600_000;
const NOW = Math.floor(Date.now() / 1000) * 1000;
/** Sites of one proxy, with first and last moment of the certificate of each. */
const DATES = {
  "long.example.com": [NOW - 10 * DAY, NOW + 80 * DAY],
  "short.example.com": [NOW - 3600_000, NOW + 11 * 3600_000],
  "nearly.example.com": [NOW - 80 * DAY, NOW + 10 * DAY],
  "over.example.com": [NOW - 91 * DAY, NOW - DAY],
} as const;
type Name = keyof typeof DATES;

let made: ReadonlyMap<string, DatedCertificate>;
beforeAll(async () => {
  const all = Object.entries(DATES).map(async ([name, [from, to]]) => {
    return [name, await datedCertificate(name, from, to)] as const;
  });
  made = new Map(await Promise.all(all));
});

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((each) => each.close()));

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A server that has a certificate for these names, and turns away who asks for another. */
function proxyFor(...names: readonly Name[]): Promise<number> {
  return listening(
    createServer({
      SNICallback: (name, answer) => {
        const pair = names.some((one) => one === name) ? made.get(name) : undefined;
        if (pair) answer(null, createSecureContext(pair));
        else answer(new Error("no such site"));
      },
    }).on("tlsClientError", () => undefined),
  );
}

function asked(port: number, ...names: readonly Name[]) {
  return askedAgain(new Map(), port, ...names);
}

/** As a host does that has looked before. */
function askedAgain(known: KnownCertificates, port: number, ...names: readonly Name[]) {
  return nearestEnd({ address: "127.0.0.1", port, names: [...names] }, NOW, known);
}

function datesOf(name: Name) {
  const [notBefore, notAfter] = DATES[name].map((moment) => new Date(moment).toISOString());
  return { name, notBefore, notAfter };
}

describe("the certificates of a host's proxy", () => {
  it("are told by the one with the least of its own time left, and not by the one that ends first", async () => {
    const names = ["long.example.com", "nearly.example.com", "short.example.com"] as const;
    expect(await asked(await proxyFor(...names), ...names)).toEqual(datesOf("nearly.example.com"));
  });

  it("are told also when one is over, which nobody would take", async () => {
    const names = ["nearly.example.com", "over.example.com"] as const;
    expect(await asked(await proxyFor(...names), ...names)).toEqual(datesOf("over.example.com"));
  });

  it("are told without a site that the proxy turns away", async () => {
    const port = await proxyFor("long.example.com");
    const shown = await asked(port, "over.example.com", "long.example.com");
    expect(shown).toEqual(datesOf("long.example.com"));
    expect(await asked(port, "over.example.com")).toBeUndefined();
  });

  it("are not well again because the site whose certificate ends shows none for once", async () => {
    const names = ["nearly.example.com", "long.example.com"] as const;
    const known: KnownCertificates = new Map();
    await askedAgain(known, await proxyFor(...names), ...names);
    const other = await proxyFor("long.example.com");
    expect(await askedAgain(known, other, ...names)).toEqual(datesOf("nearly.example.com"));
    const [, long] = names;
    expect(await askedAgain(known, other, long)).toEqual(datesOf(long));
    const gone = await proxyFor();
    expect(await askedAgain(known, gone, ...names)).toBeUndefined();
  });

  it("are nothing that a proxy shows that is not there, says something else, or nothing at all", async () => {
    const other = await listening(createTcp((socket) => socket.end("HTTP/1.0 400\r\n\r\n")));
    expect(await asked(other, "long.example.com")).toBeUndefined();
    const silent = await listening(createTcp((socket) => socket.on("error", () => undefined)));
    expect(await asked(silent, "long.example.com", "over.example.com")).toBeUndefined();
    const gone = await listening(createTcp());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await asked(gone, "long.example.com")).toBeUndefined();
  });
});

describe("a host that has a proxy", () => {
  /** A host with settings that name the proxy at this port. */
  async function hostWith(port: number) {
    const engine = await engineWith({});
    const observer = await ToldObserver.open();
    const settings = settingsFor(observer.url);
    const proxy = { address: "127.0.0.1", port, names: ["nearly.example.com"] };
    settings.write(JSON.stringify({ ...JSON.parse(settings.good), proxy }));
    const { foot } = startFoot({ engine: engine.engine, settings: settings.path });
    return { observer, foot };
  }
  const { name, ...dates } = datesOf("nearly.example.com");

  it("tells with each look how long its certificates are good, and what was seen stays known while none is shown", async () => {
    const port = await proxyFor("nearly.example.com");
    const { observer, foot } = await hostWith(port);
    const shown = () => observer.world.certificate;
    await vi.waitFor(() => expect(shown()).toMatchObject({ name, ...dates }), WAIT);
    expect(shown()?.at).toBe(observer.world.looked);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const { looked } = observer.world;
    foot.lookAnew();
    await vi.waitFor(() => expect(observer.world.looked).not.toBe(looked), WAIT);
    expect(shown()).toEqual({ name, ...dates, at: looked });
  });

  it("is understood by an Observer that knows nothing of certificates, and the other way round", () => {
    const [, , look] = happening.options;
    const said = {
      kind: "look",
      engine: { answers: false, reason: "" },
      plan: null,
      gates: [],
      held: [],
      backups: [],
      maintenance: null,
      hold: null,
      deploying: false,
    };
    expect(happening.parse(said)).toEqual(said);
    expect(
      look.omit({ certificate: true }).parse({ ...said, certificate: { name, ...dates } }),
    ).toEqual(said);
  });
});
