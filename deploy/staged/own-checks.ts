// The checks that a person keeps on a host: <root>/config/<service>/healthcheck.sh.
import { quote } from "../../model/shell-text.ts";
import { runThere } from "./host-files.ts";
import type { Places } from "./places.ts";
import type { RunContext } from "./run-context.ts";

/** Time for each. They run side by side: the host's shell waits no longer than a minute for all. */
export const CHECK_SECONDS = 30;

/** Of what a check says, so many characters are kept. */
const LONGEST_OUTPUT = 2000;

/** So many bytes are fetched: more by so much that no secret is cut in two before it is masked. */
const FETCHED_OUTPUT = 20_000;

interface ConfigPlace {
  readonly places: Pick<Places, "config">;
}

/** How a person's own check of a service ended. */
export interface OwnCheck {
  readonly service: string;
  /** In words, what is wrong; undefined when it passed. */
  readonly trouble: string | undefined;
  /** It was not run, and will not be as it is. */
  readonly isUnsafe: boolean;
}

/**
 * Runs the checks of these services, where there are some: as root, in the folder of the service's
 * settings. Each ends with 0 when all is well; what it printed is the reason when it is not.
 * @throws HostError HL-DEPLOY-STATE, HL-UNREACHABLE, HL-HOST-SLOW
 */
export async function runOwnChecks(
  { host, shell, places, mask }: Pick<RunContext, "host" | "shell" | "mask"> & ConfigPlace,
  services: readonly string[],
): Promise<OwnCheck[]> {
  const script = checksScript(places.config, services);
  const output = await runThere(host, shell, script, { what: "read" });
  return output.split("\n").flatMap((line) => {
    const [word, service, code, encoded = ""] = line.split(" ");
    if (word !== "check" || service === undefined) return [];
    const all = mask(Buffer.from(encoded, "base64").toString());
    const said = all.trim().slice(0, LONGEST_OUTPUT);
    return [{ service, trouble: troubleOf(code, said), isUnsafe: code === "unsafe" }];
  });
}

function troubleOf(code: string | undefined, said: string): string | undefined {
  if (code === "0") return undefined;
  if (code === "unsafe")
    return "has a healthcheck.sh that is a link, or that others than root can write; it was not run";
  // What timeout(1) answers, also when it had to kill.
  const isLate = code === "124" || code === "137";
  const how = isLate ? `does not end within ${CHECK_SECONDS} s` : `ends with ${code ?? "nothing"}`;
  return `fails its healthcheck.sh, which ${how}${said === "" ? "" : `:\n${said}`}`;
}

/** Prints "check <service> <exit code, or unsafe> <what it said, in base64> end" for each that has one. */
export function checksScript(config: string, services: readonly string[]): string {
  return `cd ${quote(config)} 2>/dev/null || exit 0
room=$(mktemp -d) || exit 1
trap 'rm -rf "$room"' EXIT
check() {
  # Who can write it could have anything done as root.
  if find "$1" "$1/healthcheck.sh" -prune \\( ! -user "$(id -u)" -o -perm /022 \\) | grep -q .; then
    echo "check $1 unsafe end" | keep "$1"
    return
  fi
  [ -x "$1/healthcheck.sh" ] && with= || with=sh
  (cd "$1" && timeout -k 2 ${CHECK_SECONDS} $with ./healthcheck.sh) </dev/null >"$room/$1" 2>&1
  echo "check $1 $? $(head -c ${FETCHED_OUTPUT} "$room/$1" 2>/dev/null | base64 | tr -d '\\n') end" | keep "$1"
}
# Not the shell's own words: they name no file where the disk is full.
keep() { LC_ALL=C tee "$room/$1.result" >/dev/null; }
started=
for service in ${services.map(quote).join(" ")}; do
  [ -f "$service/healthcheck.sh" ] || continue
  started="$started $service"
  check "$service" &
done
wait
# A check of which nothing could be kept must not look like none.
for service in $started; do
  grep -qs ' end$' "$room/$service.result" || exit 1
done
cat "$room"/*.result 2>/dev/null || :
`;
}
