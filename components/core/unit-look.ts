import { UNITS } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { lookFile, type HostFile } from "./host-files.ts";

/**
 * The look that every observation takes at systemd units of ours: each is enabled, and systemd goes
 * by the file that was written and by nothing that was put beside it. Whether the file itself is
 * unchanged says its checksum. Units that another program wrote for all services are not our
 * business.
 * @param record record that the units' files are written under
 */
export function unitLook(record: string, units: readonly string[]): HostFile {
  return lookFile(
    record,
    `set -- ${units.map(quote).join(" ")}
facts=$(systemctl show --property=UnitFileState,FragmentPath,DropInPaths,NeedDaemonReload "$@") || exit 1
count() { printf '%s\\n' "$facts" | grep -c "$1"; }
[ "$(count '^UnitFileState=enabled$')" = $# ] || exit 1
[ "$(count '^FragmentPath=${UNITS}/')" = $# ] || exit 1
[ "$(count '^NeedDaemonReload=no$')" = $# ] || exit 1
for unit; do
  case "$facts" in *"/$unit.d/"*) exit 1 ;; esac
done
`,
  );
}

/**
 * Shell that makes systemd take the written files of units: what somebody put beside them (masks,
 * drop-ins) goes, and they are enabled.
 */
export function takeUnits(units: readonly string[]): string {
  const all = units.map(quote).join(" ");
  return `systemctl --quiet revert ${all} >/dev/null 2>&1 || :
systemctl daemon-reload
systemctl --quiet enable ${all}`;
}
