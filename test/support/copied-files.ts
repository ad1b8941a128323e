import { cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { execaSync } from "execa";

/**
 * Copies the files of a checkout as they are now: those of its history and new ones, not what git
 * ignores. One that is deleted in the working tree is left out.
 * @param isWanted which of them, by path below the checkout. @default all
 */
export function copyFiles(
  checkout: string,
  to: string,
  isWanted: (file: string) => boolean = () => true,
): void {
  const { stdout } = execaSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    { cwd: checkout },
  );
  const files = stdout.split("\0").filter((file) => file !== "" && isWanted(file));
  for (const file of files.filter((each) => existsSync(join(checkout, each)))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(checkout, file), join(to, file));
  }
}
