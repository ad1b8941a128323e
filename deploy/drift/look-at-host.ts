import { withOverrides } from "../../compose/override/override.ts";
import { runOnHost } from "../../hosts/remote-shell.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { hostPlan } from "../../model/host-plan.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { UnreadableFact } from "../../hosts/engine/inspect.ts";
import { lookScript, parseLook, type HostLook } from "./look.ts";

/** A host that was reached has this long to answer. */
const LONGEST_SECONDS = 30;

/** A host as it is declared, and the images that are. */
export interface DeclaredHost {
  readonly declaration: HostDeclaration;
  readonly lock: ImageLock;
}

/** A host of which nothing is known. */
export interface AwayHost {
  /** What does not answer, the host itself or its engine; or what is overridden there and cannot be. */
  readonly away: "ssh" | "engine" | "overrides";
  /** In words, what was seen. */
  readonly found: string;
  /** The command that says more. */
  readonly hint: string;
}

/**
 * Looks at a host over one connection. One that is away, for which ssh has 10 s, is an answer, too.
 */
export async function lookAtHost({
  declaration,
  lock,
}: DeclaredHost): Promise<HostLook | AwayHost> {
  const { host } = declaration;
  const { gates } = hostPlan(declaration, lock, "");
  try {
    const script = lookScript(declaration, gates);
    const { exitCode, stdout } = await runOnHost(host, script, LONGEST_SECONDS);
    if (exitCode === 0) {
      const look = parseLook(stdout);
      // Nobody can compare with a declaration that cannot be.
      withOverrides(declaration, look.observation.overrides);
      return look;
    }
    const hint = `ssh ${host} systemctl status docker`;
    return { away: "engine", found: "Docker does not answer", hint };
  } catch (error) {
    if (error instanceof UnreadableFact) {
      return { away: "engine", found: error.message, hint: `ssh ${host} docker version` };
    }
    if (error instanceof UserError && error.code === "HL-OVERRIDE") {
      return { away: "overrides", found: error.message, hint: `npx homelab overrides ${host}` };
    }
    if (!(error instanceof HostError)) throw error;
    return { away: "ssh", found: error.message, hint: `ssh ${host} true` };
  }
}

const CODES = { ssh: "HL-UNREACHABLE", engine: "HL-ENGINE", overrides: "HL-OVERRIDE" } as const;

/**
 * Looks at a host that has to answer.
 * @throws HostError HL-UNREACHABLE, HL-ENGINE, HL-OVERRIDE
 */
export async function lookAtPresentHost(declared: DeclaredHost): Promise<HostLook> {
  const look = await lookAtHost(declared);
  if (!("away" in look)) return look;
  const text = `${look.found}; \`${look.hint}\` says more`;
  throw new HostError(CODES[look.away], declared.declaration.host, text);
}
