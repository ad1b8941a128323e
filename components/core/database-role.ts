import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseRole } from "../../model/declaration.ts";
import { secretFingerprint } from "../../model/fingerprint.ts";
import type { Host } from "./host.ts";
import { quote } from "../../model/shell-text.ts";
import { runScript } from "../../hosts/ssh.ts";
import { scriptCommand } from "./script-command.ts";

/** Arguments of followSecret. */
export interface DatabaseRoleArgs {
  readonly host: Host;
  /** Container name of the database. */
  readonly service: string;
  readonly role: DatabaseRole;
  readonly containerId: pulumi.Input<string>;
}

/**
 * Gives a PostgreSQL role the password of its secret. PostgreSQL reads its password file only
 * when it makes the database, so a rotated secret would otherwise lock the app out. It connects
 * over the container's own socket, which needs no password.
 */
export function followSecret(
  name: string,
  args: DatabaseRoleArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const password = args.host.secret(args.role.secret);
  const key = args.host.secret("label-key");
  const version = pulumi.unsecret(
    pulumi.all([key, password]).apply(([k, value]) => secretFingerprint(k, value)),
  );
  return scriptCommand(
    name,
    {
      run: runScript(args.host.alias),
      update: ":",
      script: password.apply((value) => roleScript(args.service, args.role, value)),
      triggers: [args.containerId, version],
    },
    opts,
  );
}

/** The script that sets the password; the value stays on standard input all the way. */
export function roleScript(service: string, role: DatabaseRole, password: string): string {
  const literal = `'${password.replaceAll("'", "''")}'`;
  const statement = `ALTER ROLE "${role.role}" WITH PASSWORD ${literal};`;
  const psql = `psql --quiet --set ON_ERROR_STOP=1 --username ${quote(role.role)} --dbname ${quote(role.database)}`;
  return `set -eu
docker exec --interactive ${quote(service)} ${psql} > /dev/null <<'END'
${statement}
END
`;
}
