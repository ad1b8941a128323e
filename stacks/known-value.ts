import type * as pulumi from "@pulumi/pulumi";

/** The value of an output; undefined in a preview of what it would come from. */
export async function knownValue<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  // Not in the SDK's types, but the only thing that tells: `apply` alone never calls back.
  const { isKnown } = output as unknown as { readonly isKnown: Promise<boolean> };
  if (!(await isKnown)) return undefined;
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
