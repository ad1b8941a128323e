import { stringify } from "yaml";
import type { Site } from "../../model/site.ts";

/** What Authelia's configuration is made from, beside the site. */
export interface AutheliaConfigArgs {
  /** Full names of the sites that ask Authelia, e.g. "papa.cronova.dev". */
  readonly protectedNames: readonly string[];
  /** Path of the users file in the container. */
  readonly usersFile: string;
}

/** Authelia's configuration.yml in the form of version 4.39. Its secrets are files, see the plan. */
export function autheliaConfig(site: Site, args: AutheliaConfigArgs): string {
  const portal = `auth.${site.domain}`;
  return stringify(
    {
      theme: "auto",
      server: { address: "tcp://0.0.0.0:9091/" },
      log: { level: "info" },
      totp: { issuer: site.domain, period: 30, digits: 6 },
      authentication_backend: {
        // The users file is written from the secrets, so a change made in the page would be lost.
        password_reset: { disable: true },
        password_change: { disable: true },
        file: {
          path: args.usersFile,
          password: {
            algorithm: "argon2",
            argon2: { variant: "argon2id", iterations: 3, memory: 65536, parallelism: 4 },
          },
        },
      },
      access_control: {
        default_policy: "two_factor",
        rules: [
          { domain: portal, policy: "bypass" },
          ...(args.protectedNames.length > 0
            ? [{ domain: [...args.protectedNames].sort(), policy: "two_factor" }]
            : []),
        ],
      },
      session: {
        cookies: [
          {
            domain: site.domain,
            authelia_url: `https://${portal}`,
            expiration: "12 hours",
            inactivity: "2 hours",
            remember_me: "1 month",
          },
        ],
      },
      regulation: { max_retries: 3, find_time: "5 minutes", ban_time: "15 minutes" },
      storage: { local: { path: "/data/db.sqlite3" } },
      notifier: { filesystem: { filename: "/data/notification.txt" } },
    },
    { lineWidth: 0 },
  );
}
