import { declaredSite } from "./declared.ts";
import { NTFY_TOPICS } from "../../../components/monitoring/ntfy.plan.ts";
import { on, pulumi, type Lab } from "./lab.ts";

/** A message as a person finds it at ntfy. */
export interface Told {
  readonly time: number;
  readonly topic: string;
  readonly title: string;
  readonly message: string;
  readonly tags?: readonly string[];
}

const LOUD = [NTFY_TOPICS.critical, NTFY_TOPICS.warning, NTFY_TOPICS.info];

/** Reads what ntfy has, as the first user. */
export class Reader {
  readonly #lab: Lab;
  readonly #login: string;

  private constructor(lab: Lab, login: string) {
    this.#lab = lab;
    this.#login = login;
  }

  static async open(lab: Lab): Promise<Reader> {
    const { adminUser } = await declaredSite(lab);
    const args = ["config", "get", "homelab:ntfy-admin-password", "--stack", "vps"];
    const { output } = await pulumi(lab, args);
    return new Reader(lab, `${adminUser}:${output.trim()}`);
  }

  /** All messages since then, in seconds since 1970 by the clock of the VPS. */
  async since(seconds: number): Promise<Told[]> {
    const address = `http://127.0.0.1:8090/${LOUD.join(",")}/json?poll=1&since=${seconds}`;
    const text = await on(
      this.#lab,
      "vps",
      `curl --silent --fail --config - '${address}' <<'END'
user = "${this.#login}"
END`,
    );
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Told)
      .sort((a, b) => a.time - b.time);
  }
}
