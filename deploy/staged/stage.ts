/** The stages of a deployment of one host, in order. `diagnose` comes between when one fails. */
export const STAGES = ["prepare", "validate", "deploy", "verify", "complete"] as const;
/** One of them. */
export type Stage = (typeof STAGES)[number];
