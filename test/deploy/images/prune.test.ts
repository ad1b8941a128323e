import { describe, expect, it } from "vitest";
import { lookScript } from "../../../deploy/images/look.ts";
import { plannedPrune, removed, type PrunedHost } from "../../../deploy/images/prune.ts";
import { removeScript } from "../../../deploy/images/remove.ts";
import { placesBelow } from "../../../deploy/staged/places.ts";
import { receiptFile } from "../../../deploy/staged/receipt.ts";
import { HostError } from "../../../model/errors.ts";
import { desiredPlan } from "../../../model/paths.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";
import { digest, receiptOf } from "./receipts.ts";

const APP = "ghcr.io/a/app";
const HOMELAB = "/opt/homelab";
const name = (version: string): string => `${APP}:${version}@${digest(version)}`;

/** An engine that says what lies in files, and notes what is removed. */
const ENGINE = `
cd "$(dirname "$0")/../engine"
[ ! -e gone ] || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }
case "$1 $2" in
  'container ls') cut -d ' ' -f 1 uses ;;
  'container inspect') case $4 in
    @container*) while read -r id image name; do
      printf '@container {"Name":"/%s","Image":"%s","Config":{"Image":"%s"}}\\n' "$id" "$image" "$name"
    done < uses ;;
    *) cut -d ' ' -f 2- uses ;;
  esac ;;
  'image ls') cut -d ' ' -f 1 images ;;
  'image inspect') if [ "$4" = '{{.Id}}' ]; then
      [ -s removed ] || { echo "$5"; exit 0; }
      echo "Error response from daemon: No such image: $5" >&2
      exit 1
    fi
    while read -r id reference; do
    printf '@image {"Id":"%s","RepoTags":[],"RepoDigests":["%s"],"Size":1000}\\n' "$id" "$reference"
  done < images ;;
  'image rm') shift 2
    case "$*" in *"$(cat stubborn)"*) echo 'Error response from daemon: conflict' >&2; exit 1 ;; esac
    echo "$1" >> removed
    [ "$#" = 1 ] || { echo "Error response from daemon: No such image: $2" >&2; exit 1; } ;;
esac`;

/** A host that runs version 3 of an app, was deployed three times, and has somebody's nginx. */
function imitatedHost(): { room: ScriptRoom; pruned: PrunedHost; gone: () => string[] } {
  const room = new ScriptRoom();
  room.program("docker", ENGINE);
  const images = ["1", "2", "3"].map((version) => `sha256:id-${version} ${APP}@${digest(version)}`);
  room.file("/engine/images", `${[...images, `sha256:id-9 nginx@${digest("9")}`].join("\n")}\n`);
  room.file("/engine/uses", `app sha256:id-3 ${name("3")}\n`);
  room.file("/engine/stubborn", "nothing");
  room.file("/engine/removed", "");
  const plan = { services: [{ name: "app", image: name("3") }] };
  room.file(desiredPlan("nas"), JSON.stringify(plan));
  const places = placesBelow(HOMELAB);
  for (const day of [1, 2, 3]) {
    const receipt = receiptOf(day, { app: name(`${day}`) });
    room.file(`${places.receipts}/${receiptFile(receipt.began)}`, JSON.stringify(receipt));
  }
  const pruned: PrunedHost = {
    host: "nas",
    shell: (script) => {
      const { exitCode, stdout, stderr } = room.run(script, [HOMELAB]);
      return Promise.resolve({ exitCode: exitCode ?? -1, greeting: "", stdout, stderr });
    },
    places,
    declared: { here: [name("3")], anywhere: [name("3")] },
    keep: 2,
  };
  const gone = (): string[] =>
    room
      .run(`cat ${room.path("/engine/removed")}`, [])
      .stdout.split("\n")
      .filter(Boolean);
  return { room, pruned, gone };
}

describe("the scripts that look at images and remove them", () => {
  it("can be read by a POSIX shell", () => {
    expect(isValidShell(lookScript("nas", placesBelow(HOMELAB)))).toBe(true);
    const image = { id: "sha256:a", names: ["it's:1", "a@sha256:b"], bytes: 1 };
    expect(isValidShell(removeScript([image]))).toBe(true);
    expect(isValidShell(removeScript([]))).toBe(true);
  });

  it("ask for no environment of a container, which holds secrets, and use no force", () => {
    const scripts = lookScript("nas", placesBelow(HOMELAB)) + removeScript([]);
    expect(scripts).not.toContain("{{json .}}");
    expect(scripts).not.toMatch(/--force|image rm -f|prune/);
  });
});

describe("old images of a host", () => {
  it("are shown first, and nothing is removed by it", async () => {
    const { pruned, gone } = imitatedHost();
    expect(await plannedPrune(pruned)).toMatchObject({
      outcome: "planned",
      removed: [{ names: [`${APP}@${digest("1")}`], bytes: 1000 }],
      bytes: 1000,
      kept: 2,
      foreign: [{ names: [`nginx@${digest("9")}`] }],
      reach: { deployments: 2 },
    });
    expect(gone()).toEqual([]);
  });

  it("are removed by name, when a person has agreed to them", async () => {
    const { pruned, gone } = imitatedHost();
    const done = await removed(pruned, await plannedPrune(pruned));
    expect(done).toMatchObject({ outcome: "done", bytes: 1000, stayed: [], problem: null });
    expect(gone()).toEqual([`${APP}@${digest("1")}`]);
  });

  it("stay when a container was made from them since they were shown", async () => {
    const { room, pruned, gone } = imitatedHost();
    const planned = await plannedPrune(pruned);
    room.file("/engine/uses", `app sha256:id-3 ${name("3")}\nother sha256:id-1 ${name("1")}\n`);
    expect(await removed(pruned, planned)).toMatchObject({ outcome: "done", removed: [] });
    expect(gone()).toEqual([]);
  });

  it("stay when a container is made from them in the very last moment", () => {
    const { room, gone } = imitatedHost();
    const image = { id: "sha256:id-3", names: [`${APP}@${digest("3")}`], bytes: 1 };
    const { stdout } = room.run(removeScript([image]), [HOMELAB]);
    expect(stdout).toBe("stayed sha256:id-3 a container uses it by now");
    expect(gone()).toEqual([]);
  });

  it("stay when nobody was shown them, although they may go by now", async () => {
    const { room, pruned, gone } = imitatedHost();
    const planned = await plannedPrune(pruned);
    const images = ["3", "8"].map((version) => `sha256:id-${version} ${APP}@${digest(version)}\n`);
    room.file("/engine/images", images.join(""));
    expect(await removed(pruned, planned)).toMatchObject({ outcome: "done", removed: [] });
    expect(gone()).toEqual([]);
  });

  it("are removed whole when the last tag takes the digest along, as engines do", () => {
    const { room, gone } = imitatedHost();
    const names = [`${APP}:1`, `${APP}@${digest("1")}`];
    const { stdout } = room.run(removeScript([{ id: "sha256:id-1", names, bytes: 1 }]), [HOMELAB]);
    expect(stdout).toBe("removed sha256:id-1");
    expect(gone()).toEqual([`${APP}:1`]);
  });

  it("that the engine does not give away are named with its reason", async () => {
    const { room, pruned } = imitatedHost();
    room.file("/engine/stubborn", digest("1"));
    expect(await removed(pruned, await plannedPrune(pruned))).toMatchObject({
      outcome: "failed",
      removed: [],
      bytes: 0,
      stayed: [
        { names: [`${APP}@${digest("1")}`], problem: "Error response from daemon: conflict" },
      ],
    });
  });

  it("are of unknown fate when the line is cut while they are removed", async () => {
    const { pruned } = imitatedHost();
    const planned = await plannedPrune(pruned);
    const cut: PrunedHost = {
      ...pruned,
      shell: (script) =>
        script.includes("docker image rm")
          ? Promise.reject(new HostError("HL-HOST-SLOW", "nas", "did not finish"))
          : pruned.shell(script),
    };
    expect(await removed(cut, planned)).toMatchObject({
      outcome: "failed",
      removed: [],
      stayed: [{ problem: "nobody knows whether it is gone: did not finish" }],
    });
  });

  it("stay on a host whose engine does not answer, and one that says nonsense", async () => {
    const { room, pruned, gone } = imitatedHost();
    room.file("/engine/gone", "");
    expect(await plannedPrune(pruned)).toMatchObject({ outcome: "away", removed: [] });
    const other = imitatedHost();
    other.room.file("/engine/images", `sha256:id-1 ${APP}"\n`);
    expect(await plannedPrune(other.pruned)).toMatchObject({ outcome: "unsure" });
    expect([...gone(), ...other.gone()]).toEqual([]);
  });

  it("stay when the plan for the next boot is torn", async () => {
    const { room, pruned } = imitatedHost();
    room.file(desiredPlan("nas"), '{"services":');
    expect(await plannedPrune(pruned)).toMatchObject({ outcome: "unsure", removed: [] });
  });
});
