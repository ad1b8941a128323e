// What the VPS itself does for the control plane: it looks whether it can have it, and makes the
// folders that the parts write. It makes no container: the state of its stack is not here.
import { hostFoldersScript } from "../../components/core/folders-script.ts";
import { commitOf } from "../../deploy/staged/checkout.ts";
import type { CheckRow } from "../../hosts/inspection/rows.ts";
import { lastLine } from "../../hosts/last-line.ts";
import { run } from "../../hosts/local-command.ts";
import type { FolderDeclaration } from "../../model/declaration.ts";
import { HostError } from "../../model/errors.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { ownAddresses } from "./where.ts";

const VPS = hostWith("coordinator");

/** A row without what all have in common. */
type Point = Omit<CheckRow, "host">;

/**
 * Looks, and makes the folders where nothing stands against it. Run twice it changes nothing the second
 * time.
 * @param checkout folder of the checkout on the VPS
 * @param folders that the parts write
 */
export async function prepareVps(
  site: Site,
  checkout: string,
  folders: readonly FolderDeclaration[],
): Promise<CheckRow[]> {
  const looked = [await engineRow(), meshRow(site), await checkoutRow(checkout)];
  const canGoOn = looked.every(({ state }) => state !== "failure");
  const rows = canGoOn ? [...looked, await foldersRow(folders)] : looked;
  return rows.map((row) => ({ host: VPS, ...row }));
}

async function engineRow(): Promise<Point> {
  const check = "engine";
  try {
    const { stdout } = await run(["docker", "version", "--format", "{{.Server.Version}}"]);
    return { check, state: "ok", seen: stdout.trim(), remedy: "" };
  } catch (error) {
    const seen = lastLine(messageOf(error));
    const remedy = "apt-get install docker.io docker-cli (docs/guides/first-hour.md)";
    return { check, state: "failure", seen, remedy };
  }
}

/** The mesh comes with the first deployment, so one that is not there yet stands against nothing. */
function meshRow({ hosts }: Site): Point {
  const { mesh } = hosts[VPS];
  const check = "mesh";
  if (ownAddresses().includes(mesh)) return { check, state: "ok", seen: mesh, remedy: "" };
  const seen = `no ${mesh} on this machine yet`;
  return { check, state: "warning", seen, remedy: "the deployment lets this host join" };
}

async function checkoutRow(checkout: string): Promise<Point> {
  const commit = await commitOf(checkout);
  const check = "repository";
  if (commit !== "unknown") return { check, state: "ok", seen: commit.slice(0, 12), remedy: "" };
  const remedy = "clone it with git: only a commit can be compared with what is deployed";
  return { check, state: "warning", seen: "no git checkout", remedy };
}

async function foldersRow(folders: readonly FolderDeclaration[]): Promise<Point> {
  const check = "folders";
  try {
    const { stderr } = await run(["sh", "-e"], { input: hostFoldersScript(folders) });
    if (stderr.trim() === "") {
      return { check, state: "ok", seen: `${folders.length} there`, remedy: "" };
    }
    const remedy = "change the owner as it says, and call this again";
    return { check, state: "failure", seen: stderr.trim(), remedy };
  } catch (error) {
    const remedy = "mend that, and call this again";
    return { check, state: "failure", seen: lastLine(messageOf(error)), remedy };
  }
}

function messageOf(error: unknown): string {
  if (error instanceof HostError) return error.message;
  throw error;
}
