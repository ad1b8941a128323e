/** The nightly copies. */
export const BACKUPS = {
  jobLabel: "Job",
  copyLabel: "Newest copy",
  copyState: "How it is",
  restoredLabel: "Compared restore",
  restored: "as the original",
  restoredOther: "differs from the original",
  restoredNever: "never compared",
  restoredUntold: "not told yet",
  saidLabel: "Said",
  noBackups: "No job has said anything yet.",
  copyUnsure: "unknown: nothing newer is heard",
  noCopy: "no copy",
  copyOld: "older than two days",
  copyThere: "there",
};
