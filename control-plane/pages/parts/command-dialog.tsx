import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Action } from "../../contract/actions.ts";
import { plain } from "../view/plain.ts";
import {
  approveCommand,
  isDoneByHost,
  rejectCommand,
  short,
  titleOf,
} from "../view/action-queue.ts";
import { WORDS } from "../words.ts";

/** What somebody wants to do with an action. */
export type Decision = "approve" | "reject";

/** Shows the command of the desk that decides about an action. It decides nothing itself. */
export function CommandDialog({
  action,
  decision,
  whyNot,
  close,
}: {
  readonly action: Action;
  readonly decision: Decision;
  /** Why nobody can decide now; null when they can. */
  readonly whyNot: string | null;
  readonly close: () => void;
}): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<string | null>(null);
  // The browser gives the focus back to where it was when a dialog of its own closes.
  useEffect(() => dialog.current?.showModal(), []);
  const command = decision === "approve" ? approveCommand(action) : rejectCommand(action);
  const says =
    decision === "reject"
      ? WORDS.dialog.reject
      : isDoneByHost(action)
        ? WORDS.dialog.approve
        : WORDS.dialog.byHand;
  const copy = async (): Promise<void> => {
    setCopied(
      (await copyText(command, field.current)) ? WORDS.dialog.copied : WORDS.dialog.notCopied,
    );
  };
  const verb = decision === "approve" ? "" : `${WORDS.reject.replace("…", "")}: `;
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="decide-title">
      <h2 id="decide-title">{`${verb}${plain(titleOf(action))}`}</h2>
      {whyNot === null ? null : <p class="note tone-unknown">{whyNot}</p>}
      <p>{says}</p>
      <label class="command">
        <span>{WORDS.dialog.command}</span>
        <input ref={field} readOnly value={command} size={command.length} onFocus={selectAll} />
      </label>
      {decision === "approve" && isDoneByHost(action) ? (
        <p class="quiet">
          {WORDS.dialog.shown} <code>{short(action.hash)}</code>
        </p>
      ) : null}
      <div class="buttons">
        <button type="button" class="main" onClick={() => void copy()}>
          {WORDS.dialog.copy}
        </button>
        <button type="button" onClick={() => dialog.current?.close()}>
          {WORDS.dialog.close}
        </button>
        <span role="status">{copied}</span>
      </div>
    </dialog>
  );
}

function selectAll({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void {
  currentTarget.select();
}

/** Whether a text was copied. Without https a browser has no clipboard for a page; then the old way is tried. */
async function copyText(text: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.select();
    return document.execCommand("copy");
  }
}
