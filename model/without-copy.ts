import * as z from "zod";
import type { HostDeclaration } from "./declaration.ts";
import { UserError } from "./errors.ts";

const schema = z.record(z.string(), z.string());

/**
 * The setting homelab:withoutCopy of a stack: by service the image to which it may change without a
 * copy, and without a look at who wrote its data. It names the image, so that it has no effect on
 * any later change.
 * @param value as the config has it, undefined where it has none
 * @throws UserError HL-DECLARATION with the path of each mistake
 */
export function parseWithoutCopy(
  value: unknown,
  { host, services }: Pick<HostDeclaration, "host" | "services">,
): Readonly<Record<string, string>> {
  const setting = "homelab:withoutCopy";
  const result = schema.safeParse(value ?? {});
  if (!result.success) {
    throw new UserError(
      "HL-DECLARATION",
      `${setting} of ${host} is not image by service; set it with: pulumi config set --path '${setting}.<service>' <image> -s ${host}`,
    );
  }
  const unknown = Object.keys(result.data).filter(
    (name) => !services.some((service) => service.name === name),
  );
  if (unknown.length > 0) {
    throw new UserError(
      "HL-DECLARATION",
      `${setting} of ${host} names ${unknown.join(", ")}, which ${host} does not have; take it out: ${unknown.map((name) => `pulumi config rm --path '${setting}.${name}' -s ${host}`).join("; ")}`,
    );
  }
  return result.data;
}
