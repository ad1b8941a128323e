import type { HostDeclaration } from "./declaration.ts";
import type { AccessKey } from "./declared-access.ts";
import type { Problem } from "./problem.ts";

/** All config keys by which a host's stack may be given access; empty where it needs none. */
export function accessKeys({ access }: Pick<HostDeclaration, "access">): readonly AccessKey[] {
  return access?.ways.flat() ?? [];
}

/**
 * What a stack lacks to be let in; nothing for a host that needs no access.
 * @param given config keys that its stack has
 */
export function accessProblems(
  { host, access }: Pick<HostDeclaration, "host" | "access">,
  given: readonly string[],
): Problem[] {
  if (access === undefined) return [];
  const has = ({ key }: AccessKey) => given.includes(key);
  const whole = access.ways.find((way) => way.every(has));
  if (whole) {
    const others = access.ways.filter((way) => way !== whole).flatMap((way) => way.filter(has));
    const message = `is given beside ${namesOf(others)}; remove one or the other`;
    return others.length === 0 ? [] : [{ path: whole[0]?.key ?? "", message }];
  }
  const absent = `is not in the config of stack ${host}`;
  const set = ({ key, secret }: AccessKey) =>
    `pulumi config set ${secret ? "--secret " : ""}${key} -s ${host}`;
  const begun = access.ways.find((way) => way.some(has));
  if (begun) {
    return begun
      .filter((one) => !has(one))
      .map((one) => ({
        path: one.key,
        message: `${absent}; ${namesOf(begun.filter(has))} needs it: ${set(one)}`,
      }));
  }
  const [usual = [], ...others] = access.ways;
  const instead = others.map((way) => `, or give ${namesOf(way)}`).join("");
  return usual.map((one) => ({
    path: one.key,
    message: `${absent}, which ${access.purpose}: ${set(one)}${instead}`,
  }));
}

function namesOf(keys: readonly AccessKey[]): string {
  return keys.map(({ key }) => key).join(" and ");
}
