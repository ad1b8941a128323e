// The one algorithm alone: the whole package is seven times as long, and this is part of a program
// that stands in Pulumi's state.
declare module "hash-wasm/dist/argon2.umd.min.js" {
  import type * as all from "hash-wasm";
  const argon2: Pick<typeof all, "argon2id" | "argon2Verify">;
  export = argon2;
}
