/** The nightly copies. */
export const BACKUPS = {
  jobLabel: "Job",
  copyLabel: "Newest copy",
  copyState: "How it is",
  saidLabel: "Said",
  noBackups: "No job has said anything yet.",
  copyUnsure: "unknown: nothing newer is heard",
  noCopy: "no copy",
  copyOld: "older than two days",
  copyThere: "there",
};
