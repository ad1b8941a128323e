import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { enrolmentScript } from "../../../components/networking/enrolment-script.plan.ts";
import {
  headscaleEnrolment,
  joinScript,
  KEY_USED_UP,
} from "../../../components/networking/mesh-enrolment.plan.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";

const nas = headscaleEnrolment(site, "nas");

/** Runs the whole script with an ssh that says "key used up" to the first joins. */
function enrolmentWith({ usedUp }: { readonly usedUp: number }) {
  const room = new ScriptRoom();
  room.file("/counts/.keep", "");
  room.program(
    "ssh",
    `said=$(cat)
count() { echo . >> '${room.path("/counts")}'/"$1"; }
case "$said" in
*"echo stranger"*) echo stranger ;;
*"tailscale up"*)
  count joins
  [ "$(wc -l < '${room.path("/counts/joins")}')" -gt ${usedUp} ] || exit ${KEY_USED_UP} ;;
*) count confirmed ;;
esac`,
  );
  const script = enrolmentScript(nas, {
    alias: "nas",
    token: "token",
    invite: `  echo . >> '${room.path("/counts/invitations")}'\n  invitation=key\n`,
  });
  const { exitCode } = room.run(script, []);
  const counted = (name: string) => {
    const path = room.path(`/counts/${name}`);
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").length : 0;
  };
  return { exitCode, invitations: counted("invitations"), confirmed: counted("confirmed") };
}

describe("a host that has to join the mesh", () => {
  it("is invited once where the first key does", () => {
    expect(enrolmentWith({ usedUp: 0 })).toEqual({ exitCode: 0, invitations: 1, confirmed: 1 });
  });

  it("gets another key when one was used up by an answer that did not arrive", () => {
    expect(enrolmentWith({ usedUp: 2 })).toEqual({ exitCode: 0, invitations: 3, confirmed: 1 });
  });

  it("is given up after three keys", () => {
    expect(enrolmentWith({ usedUp: 9 })).toEqual({
      exitCode: 1,
      invitations: 3,
      confirmed: 0,
    });
  });

  it("says which kind of failure it was", () => {
    const join = (said: string) => {
      const room = new ScriptRoom();
      room.file("/run/.keep", "");
      room.program("tailscale", `echo "${said}"; exit 1`);
      return room.run(`invitation='a2V5Cg=='\n${joinScript(nas)}`, ["/run"]).exitCode;
    };
    expect(join("backend error: authkey already used")).toBe(KEY_USED_UP);
    expect(join("backend error: invalid key")).toBe(1);
  });
});
