import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  checkWork,
  LONGEST_LIFE_MS,
  type Checked,
  type OrderRules,
} from "../../../control-plane/actor/check-order.ts";
import { noncesIn } from "../../../control-plane/actor/nonces.ts";
import { bindingHash, type Binding } from "../../../control-plane/contract/actions.ts";
import { CLOCK_TOLERANCE_MS } from "../../../control-plane/contract/clocks.ts";
import { orderText, type SignedOrder } from "../../../control-plane/contract/order.ts";
import { PASSKEY_VERBS, VERBS } from "../../../control-plane/contract/verbs.ts";
import type { Work } from "../../../control-plane/contract/work.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { BINDING } from "../binding.ts";
import {
  allowedLine,
  ALLOWED,
  ANNA,
  folder,
  NOW,
  orderFor,
  signed,
  THIEF,
  workFor,
} from "./keys.ts";

function rulesWith(change: Partial<OrderRules> = {}): OrderRules {
  const nonces = noncesIn(disk, mkdtempSync(join(tmpdir(), "nonces-")));
  return { host: "nas", keys: { allowedSigners: ALLOWED }, nonces, now: () => NOW, ...change };
}

function check(work: Work, change: Partial<OrderRules> = {}): Promise<Checked> {
  return checkWork(work, rulesWith(change));
}

/** The work with another text or signature. */
function withAuthority(work: Work, change: Partial<SignedOrder>): Work {
  return { ...work, authority: { ...work.authority, ...change } };
}

describe("an order that a person signed for this host", () => {
  it("is carried out, by the name that the host has for the key", async () => {
    const work = await workFor();
    expect(await check(work)).toMatchObject({ by: "anna", order: { verb: "restart" } });
  });

  it("is used once, also after a crash, and by whoever asks at once (S25)", async () => {
    const work = await workFor();
    const rules = rulesWith();
    const answers = await Promise.all(Array.from({ length: 8 }, () => checkWork(work, rules)));
    expect(answers.filter((one) => "order" in one)).toHaveLength(1);
    expect(await checkWork(work, rules)).toEqual({ refused: "it was used before" });
  });
});

describe("an order is refused", () => {
  it("that was signed with a key that is not on the host", async () => {
    const work = await workFor(BINDING, {}, THIEF);
    expect(await check(work)).toEqual({ refused: "nobody whose key is on this host signed it" });
  });

  it("whose signature is of another order, of another namespace, or none", async () => {
    const work = await workFor();
    const other = await workFor();
    const elsewhere = execFileSync("ssh-keygen", ["-Y", "sign", "-f", ANNA, "-n", "file"], {
      input: work.authority.text,
      stdio: ["pipe", "pipe", "ignore"],
    }).toString();
    const signatures: SignedOrder["signature"][] = [
      other.authority.signature,
      { kind: "ssh", armored: elsewhere },
      { kind: "ssh", armored: "" },
      { kind: "ssh", armored: "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n" },
      { kind: "ssh", armored: "-Oprint-pubkey" },
    ];
    for (const signature of signatures) {
      expect(await check(withAuthority(work, { signature }))).toHaveProperty("refused");
    }
  });

  it("whose text is altered after it was signed, in any of its lines, or reordered (S25)", async () => {
    const work = await workFor();
    const { text } = work.authority;
    const texts = [
      text.replace("host: nas", "host: vps"),
      text.replace("verb: restart", "verb: start"),
      text.replace("target: jellyfin", "target: vaultwarden"),
      text.replace("sha256:a", "sha256:b"),
      text.replace("shown: ", "shown: 0").replace(/shown: (.{64})./, "shown: $1"),
      text.replace("12:30:00Z", "12:45:00Z"),
      text.replace(/nonce: ./, "nonce: f"),
      text.replace("host: nas\nverb: restart\n", "verb: restart\nhost: nas\n"),
      `${text}\n`,
      text.trimEnd(),
      "",
    ];
    for (const altered of texts) {
      expect(altered).not.toBe(text);
      expect(await check(withAuthority(work, { text: altered })), altered).toHaveProperty(
        "refused",
      );
    }
  });

  it("that is for another host, although it is well signed", async () => {
    const binding = { ...BINDING, host: "docker-vm" };
    const work = await workFor(binding);
    expect(await check(work)).toEqual({ refused: "it is for docker-vm, and this is nas" });
  });

  it("when something else is handed over than was signed", async () => {
    const work = await workFor();
    const others: Partial<Binding>[] = [
      { target: "vaultwarden" },
      { verb: "start" },
      { observed: "9".repeat(64) },
      { plan: "9".repeat(16) },
      { digests: [`sha256:${"b".repeat(64)}`] },
    ];
    for (const other of others) {
      const binding = { ...BINDING, ...other };
      const hash = bindingHash(binding);
      for (const handed of [
        { ...work, binding, hash },
        { ...work, binding },
        { ...work, hash },
      ]) {
        if (bindingHash(handed.binding) === work.hash && handed.hash === work.hash) continue;
        expect(await check(handed)).toHaveProperty("refused");
      }
    }
  });

  it("that is too old by the host's clock, with a minute's tolerance, or good for too long", async () => {
    const end = Date.parse("2026-11-26T12:30:00Z");
    const times: [number, boolean][] = [
      [end - 1, true],
      [end + CLOCK_TOLERANCE_MS, true],
      [end + CLOCK_TOLERANCE_MS + 1, false],
      [end - LONGEST_LIFE_MS - CLOCK_TOLERANCE_MS, true],
      [end - LONGEST_LIFE_MS - CLOCK_TOLERANCE_MS - 1, false],
    ];
    for (const [now, isGood] of times) {
      expect("order" in (await check(await workFor(), { now: () => now })), String(now)).toBe(
        isGood,
      );
    }
  });

  it("and is not used up by somebody who has no signature for it", async () => {
    const work = await workFor();
    const rules = rulesWith();
    const forged = await signed(work.authority.text, THIEF);
    expect(await checkWork({ ...work, authority: forged }, rules)).toHaveProperty("refused");
    expect(await checkWork(work, rules)).toHaveProperty("order");
  });
});

describe("a host", () => {
  it.each<readonly [string, (path: string) => void]>([
    ["is absent", (path: string) => rmSync(path)],
    ["is empty", (path: string) => writeFileSync(path, "")],
    ["can be written by anybody", (path: string) => chmodSync(path, 0o666)],
    ...(process.getuid?.() === 0
      ? ([["belongs to somebody else", (path: string) => chownSync(path, 1000, 1000)]] as const)
      : []),
    [
      "names a key for another purpose",
      (path: string) => {
        writeFileSync(path, allowedLine("anna", ANNA, 'namespaces="git"'));
      },
    ],
    [
      "names a key that is no longer good",
      (path: string) => {
        writeFileSync(path, allowedLine("anna", ANNA, 'valid-before="20200101"'));
      },
    ],
    [
      "gives a key to everybody by a pattern",
      (path: string) => {
        writeFileSync(path, allowedLine("*", ANNA));
      },
    ],
  ])("whose file of allowed signers %s carries out nothing (S2)", async (_, spoil) => {
    const path = join(mkdtempSync(join(folder, "spoilt-")), "allowed_signers");
    writeFileSync(path, allowedLine("anna", ANNA), { mode: 0o644 });
    spoil(path);
    const checked = await check(await workFor(), { keys: { allowedSigners: path } });
    expect(checked).toHaveProperty("refused");
  });

  it("without ssh-keygen carries out nothing", async () => {
    const keys = { allowedSigners: ALLOWED, program: "/nonexistent/ssh-keygen" };
    expect(await check(await workFor(), { keys })).toHaveProperty("refused");
  });
});

describe("a passkey", () => {
  const signature = {
    kind: "passkey",
    credentialId: "a",
    authenticatorData: "a",
    clientDataJSON: "a",
    signature: "a",
  } as const;
  const targets = { "roll-back": "2026-11-20T08:00:00.000Z", "restore-copy": "db@3f2a90bc" };

  it("authorises start, restart, remount and run-backup, and is not even asked about the others", async () => {
    const asked: string[] = [];
    for (const verb of VERBS) {
      const target = { ...targets, "deploy-host": "nas" }[verb as "roll-back"] ?? "jellyfin";
      const binding = { ...BINDING, verb, target, commit: "d".repeat(40) };
      const authority = { version: 1, text: orderText(orderFor(binding)), signature } as const;
      const work = {
        version: 1,
        id: "2".repeat(32),
        hash: bindingHash(binding),
        binding,
        authority,
      } as const;
      const checked = await check(work, {
        passkey: (order) => {
          asked.push(order.verb);
          return Promise.resolve({ by: "anna's phone" });
        },
      });
      expect("order" in checked, verb).toBe(PASSKEY_VERBS.includes(verb));
    }
    expect(asked.sort()).toEqual([...PASSKEY_VERBS].sort());
  });

  it("is refused on a host that knows none", async () => {
    const authority = { version: 1, text: orderText(orderFor()), signature } as const;
    const work = { ...(await workFor()), authority };
    expect(await check(work)).toEqual({ refused: "this host knows no passkey" });
  });
});
