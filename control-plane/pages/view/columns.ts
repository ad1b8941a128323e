/** Columns of the Action Queue, in order. */
export const COLUMNS = ["pending", "approved", "running", "done"] as const;

/** A column of the Action Queue. */
export type Column = (typeof COLUMNS)[number];
