import type { FileDeclaration } from "./declared-files.ts";
import type { ServiceDeclaration } from "./declaration.ts";
import { secretsIn } from "./file-secrets.ts";
import type { ImageContract } from "./image-contract.ts";

/** Capabilities with which root reads what belongs to others. */
const READS_ALL = ["DAC_OVERRIDE", "DAC_READ_SEARCH"];

/** Mode of a file that holds a secret, unless the declaration says another. */
export const SECRET_MODE = "0400";

/** Files with secrets that the program, as the user it reads them as, cannot open. */
export function unreadableSecrets(service: ServiceDeclaration, { secretReader }: ImageContract) {
  return (service.files ?? []).flatMap((file, index) => {
    const declared = file.readBy ?? service.user;
    const reader = declared ?? secretReader.value;
    if (reader === undefined || secretsIn(file.content).length === 0) return [];
    if (mayRead(service, reader, file)) return [];
    const isRead = declared === undefined && secretReader.value !== undefined;
    const source = isRead ? secretReader.source : "as declared";
    return [
      {
        path: `files[${index}]`,
        message: `${file.target} belongs to ${file.owner} with mode ${file.mode ?? SECRET_MODE}, and is read as ${reader} (${source}); set owner "${reader}"`,
      },
    ];
  });
}

function mayRead(service: ServiceDeclaration, reader: string, file: FileDeclaration): boolean {
  // A file without an owner of its own belongs to the program's user.
  if (file.owner === undefined) return file.readBy === undefined;
  const mode = Number.parseInt(file.mode ?? SECRET_MODE, 8);
  const uid = uidOf(reader);
  const gid = gidOf(reader);
  if (uid === 0 && READS_ALL.some((right) => service.capabilities?.includes(right))) return true;
  if (uid === uidOf(file.owner)) return (mode & 0o400) !== 0;
  const groups = [gid, ...(service.groups ?? []).map(Number)];
  if (groups.includes(gidOf(file.owner))) return (mode & 0o040) !== 0;
  return (mode & 0o004) !== 0;
}

/** The user of "uid:gid", as a number. */
export function uidOf(user: string): number {
  return numberOf(user.split(":")[0]);
}

function gidOf(user: string): number {
  const [uid, gid = uid] = user.split(":");
  return numberOf(gid);
}

function numberOf(text = "0"): number {
  return text === "root" ? 0 : Number(text);
}
