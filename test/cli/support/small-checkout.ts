import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { CHECKOUT } from "../../support/rooms.ts";

/** A checkout with the real entry and a command line of its own. */
export type SmallCheckout = ReturnType<typeof smallCheckout>;

/**
 * Makes one, and answers its folder, where its `homelab` keeps what it makes (not there yet), and how
 * to write a file of it and to run a command.
 * @param main body of its `main`, which is given `words` and answers the exit code
 */
export function smallCheckout(main: string) {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "small-checkout-")));
  const folder = join(base, "check out#1");
  const cache = join(base, "cache");
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const run = (words: readonly string[] = [], keptIn = cache) =>
    execa(process.execPath, [join(folder, "cli/homelab.mjs"), ...words], {
      cwd: "/",
      env: { HOMELAB_CACHE: keptIn },
      reject: false,
    });
  write("package.json", '{ "type": "module" }');
  write("cli/main.ts", mainModule(main));
  for (const file of ["cli/homelab.mjs", "cli/kept-bundle.mjs"]) {
    cpSync(join(CHECKOUT, file), join(folder, file));
  }
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["esbuild", "tsx"]) {
    symlinkSync(join(CHECKOUT, "node_modules", name), join(folder, "node_modules", name));
  }
  return { folder, cache, write, run };
}

/** Text of a `main.ts`. */
export function mainModule(body: string): string {
  return `export async function main(argv: readonly string[]): Promise<number> {
  const words = argv.slice(2);
  ${body}
  return 0;
}
`;
}
