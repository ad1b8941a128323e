/**
 * Shell functions that ask a host's mesh node how it is, without a parser for JSON on the host:
 * `mesh_state` prints tailscaled's word for its state and nothing when it does not answer,
 * `mesh_server` prints where it is or was logged in, `mesh_complaint` what it says is wrong.
 */
export const MESH_FACTS = `mesh_status() { timeout 5 tailscale status --json --peers=false 2>/dev/null; }
mesh_state() { mesh_status | sed -n 's/^  "BackendState": "\\(.*\\)",$/\\1/p'; }
mesh_server() { timeout 5 tailscale debug prefs 2>/dev/null | sed -n 's/^.*"ControlURL": "\\(.*\\)",$/\\1/p'; }
mesh_complaint() { mesh_status | sed -n '/^  "Health": \\[$/{n;s/^ *"\\(.*\\)",\\{0,1\\}$/\\1/p;}'; }`;

/**
 * A test that passes unless the state is one that only joining again ends. "NoState" is a member
 * that has not reached its coordinator since it started: a new key would not help it.
 */
export function isMember(state: string): string {
  return `case "${state}" in Running | Starting | NoState) true ;; *) false ;; esac`;
}
