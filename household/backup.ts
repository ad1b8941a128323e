import type { BackupProgram } from "../components/backup/program.ts";
import { RESTIC } from "../components/backup/restic/restic.ts";

/** What makes this home's copies and gives them back: every job, every command, the off-site copy. */
export const BACKUP_PROGRAM: BackupProgram = RESTIC;
