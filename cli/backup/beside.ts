import type { BackupProgram } from "../../components/backup/program.ts";
import { quote } from "../../model/shell-text.ts";

/**
 * Shell for a host: ends with the line "stopped" unless the sidecar runs, and defines
 * `beside <seconds> <docker options…> "$image" <script>`. That runs a script in a container of
 * its own that has what the sidecar has: network, secrets and data, all read-only. The sidecar
 * itself could not give restored files their owners (it lacks the capability, and does not need it
 * to copy), and its memory is measured for its own job.
 */
export function besideSidecar(sidecar: string): string {
  const name = quote(sidecar);
  return `running=$(docker container inspect --format '{{.State.Running}}' ${name} 2>/dev/null)
[ "$running" = true ] || { echo "stopped"; exit 0; }
image=$(docker container inspect --format '{{.Image}}' ${name})
beside() {
  seconds=$1
  shift
  timeout "$seconds" docker run --rm --init --user 0:0 --security-opt no-new-privileges \\
    --volumes-from ${name}:ro --network container:${name} --entrypoint /bin/sh "$@" </dev/null
}
`;
}

/** Shell that writes a script into a file of the host; the file's name is shell text. */
export function writeScript(file: string, script: string): string {
  return `base64 -d > ${file} <<'END'
${Buffer.from(script).toString("base64")}
END
`;
}

/**
 * First lines of such a script: how the program finds the copies, what can be asked of them
 * (CopyCommands), and `reason`, which prints why a program failed whose errors went to
 * <scratch>/errors.
 */
export function copiesPrelude(program: BackupProgram, scratch: string): string {
  const { cacheVariable, copies } = program;
  const variables = Object.entries({
    ...program.environment,
    HOME: scratch,
    ...(cacheVariable !== undefined && { [cacheVariable]: `${scratch}/cache` }),
  });
  const complaint = copies.complaint === undefined ? "" : ` | ${copies.complaint}`;
  return `set -u
export ${variables.map(([name, value]) => `${name}=${value}`).join(" ")}
scratch=${scratch}
reason() { tail -n 1 ${scratch}/errors${complaint} | cut -c 1-300; }
${copies.functions}`;
}
