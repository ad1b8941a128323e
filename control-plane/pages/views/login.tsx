import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { logIn } from "../feed/api.ts";
import { plain } from "../view/plain.ts";
import { WORDS } from "../words.ts";

/** Asks who it is. @param done it worked, and the session is to be read again */
export function Login({ done }: { readonly done: () => void }): VNode {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const fields = new FormData(form);
    const text = (name: string): string => {
      const value = fields.get(name);
      return typeof value === "string" ? value : "";
    };
    setBusy(true);
    const refusal = await logIn(text("user"), text("password")).catch(() => WORDS.banner.lost);
    setBusy(false);
    setProblem(refusal);
    if (refusal === null) done();
  };
  return (
    <main class="login" id="content">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void submit(event.currentTarget);
        }}
      >
        <h1>{WORDS.title}</h1>
        <label class="field">
          <span>{WORDS.user}</span>
          <input name="user" autocomplete="username" autocapitalize="off" required />
        </label>
        <label class="field">
          <span>{WORDS.password}</span>
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p role="alert" class="note tone-bad">
          {problem === null ? null : plain(problem)}
        </p>
        <button type="submit" class="main" aria-disabled={isBusy}>
          {WORDS.login}
        </button>
      </form>
    </main>
  );
}
