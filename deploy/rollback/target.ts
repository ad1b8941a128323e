import { UserError } from "../../model/errors.ts";
import { isNamed, isSameDeployment, isWhole, type Receipt } from "../staged/receipt.ts";

/**
 * The deployment to go back to: of the whole host, the newest that is another than the last.
 * @param receipts newest first
 * @param to a commit or its beginning, or when the deployment began as `history` or the file says it
 * @throws UserError HL-ROLLBACK when there is none
 */
export function rollbackTarget(
  host: string,
  receipts: readonly Receipt[],
  to: string | undefined,
): Receipt {
  const whole = receipts.filter(isWhole);
  const [last] = receipts;
  const found = whole.find((receipt) =>
    to === undefined ? last && !isSameDeployment(receipt, last) : isNamed(receipt, to),
  );
  if (found) return found;
  const what = to === undefined ? "no other deployment than the last" : `no deployment "${to}"`;
  throw new UserError(
    "HL-ROLLBACK",
    `${host} has the receipt of ${what} of the whole host; \`npx homelab history ${host}\` lists them`,
  );
}
