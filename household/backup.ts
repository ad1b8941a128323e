import type { BackupProgram } from "../components/backup/program.ts";
import { restic } from "../components/backup/restic/restic.ts";
import { NAS_FOLDERS } from "./folders.ts";

/** What makes this home's copies and gives them back: every job, every command, the off-site copy. */
export const BACKUP_PROGRAM: BackupProgram = restic(NAS_FOLDERS.repositories);
