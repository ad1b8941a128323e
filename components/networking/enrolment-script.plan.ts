import { runScript } from "../../hosts/ssh.ts";
import {
  confirmScript,
  joinScript,
  KEY_USED_UP,
  lookScript,
  type MeshEnrolment,
} from "./mesh-enrolment.plan.ts";

/** What the script is made of beside the enrolment. */
export interface EnrolmentParts {
  /** ssh alias of the host. */
  readonly alias: string;
  readonly token: string;
  /** Lines of shell that set `invitation`, for a host that is no member. */
  readonly invite: string;
}

/** How many invitations a host gets. */
const INVITATIONS = 3;

/**
 * The script that runs where Pulumi runs, and sends each part to the host it is for. A key that
 * was used up by an answer which did not arrive is followed by another.
 */
export function enrolmentScript(enrolment: MeshEnrolment, parts: EnrolmentParts): string {
  const { alias, token, invite } = parts;
  return `set -u
state=$(${runScript(alias)} <<'LOOK'
${lookScript(enrolment)}LOOK
) || exit 1
left=${INVITATIONS}
while [ "$state" != member ]; do
${invite}  {
    echo "invitation='$(printf '%s\\n' "$invitation" | base64)'"
    cat <<'JOIN'
${joinScript(enrolment)}JOIN
  } | ${runScript(alias)}
  joined=$?
  [ "$joined" != 0 ] || break
  left=$((left - 1))
  [ "$joined" = ${KEY_USED_UP} ] && [ "$left" -gt 0 ] || exit 1
done
${runScript(alias)} <<'CONFIRM'
${confirmScript(enrolment, token)}CONFIRM
`;
}
