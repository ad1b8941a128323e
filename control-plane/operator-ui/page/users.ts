// Who may log in: a file that the stack writes. Nobody is let in because it is missing.
import { readFile, stat } from "node:fs/promises";
import argon2 from "hash-wasm/dist/argon2.umd.min.js";
import * as z from "zod";
import { UserError } from "../../../model/errors.ts";
import { roleSchema, userName, type Login, type Role } from "../../contract/page-api.ts";

const usersSchema = z
  .array(
    z.strictObject({
      user: userName,
      role: roleSchema,
      /** As RFC 9106 and argon2's own tool write it. */
      hash: z
        .string()
        .regex(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/),
    }),
  )
  .min(1)
  .refine(
    (users) => new Set(users.map(({ user }) => user)).size === users.length,
    "has one user twice",
  );

/** Who may log in, by name. */
export type Users = ReadonlyMap<string, { readonly role: Role; readonly hash: string }>;

/** Everybody but the owner. */
const OTHERS = 0o077;

/**
 * Reads who may log in.
 * @throws UserError HL-OPERATOR-UI when the file is missing, has mistakes, names nobody, or can be
 *   read by others
 */
export async function readUsers(path: string): Promise<Users> {
  const refuse = (why: string) => new UserError("HL-OPERATOR-UI", `${path} ${why}`);
  let value: unknown;
  try {
    const { mode } = await stat(path);
    if ((mode & OTHERS) !== 0) throw refuse("can be read by others than its owner: chmod 0400");
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof UserError) throw error;
    // What JSON.parse says holds the beginning of the text.
    throw refuse("cannot be read as JSON, so nobody could log in");
  }
  const { success, data } = usersSchema.safeParse(value);
  if (!success)
    throw refuse("does not say who may log in, each with a role and a hash of argon2id");
  return new Map(data.map(({ user, role, hash }) => [user, { role, hash }]));
}

/** The role of who has the password; undefined for anybody else. An unknown name takes as long. */
export async function roleOf(users: Users, { user, password }: Login): Promise<Role | undefined> {
  const known = users.get(user);
  const [somebody] = users.values();
  const hash = (known ?? somebody)?.hash;
  if (hash === undefined) return undefined;
  const fits = await argon2.argon2Verify({ password, hash }).catch(() => false);
  return fits ? known?.role : undefined;
}
