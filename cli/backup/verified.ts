import { z } from "zod";
import { verifiedRecord } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";

const schema = z.object({
  /** ISO 8601. */
  at: z.string(),
  snapshot: z.string(),
  good: z.boolean(),
});

/** What came of the last restore of a job's newest copy that was compared. */
export type VerifiedRecord = z.infer<typeof schema>;

/** The record on a host; undefined when there is none, or what is there is not one. */
export function parseVerified(text: string): VerifiedRecord | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Writes a job's record, whole or not at all. */
export function verifiedScript(sidecar: string, record: VerifiedRecord): string {
  const file = verifiedRecord(sidecar);
  return `set -eu
mkdir -p ${quote(file.replace(/\/[^/]*$/, ""))}
printf '%s\\n' ${quote(JSON.stringify(record))} >${quote(`${file}.new`)}
mv ${quote(`${file}.new`)} ${quote(file)}
`;
}
