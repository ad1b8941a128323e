import { useEffect } from "preact/hooks";
import { keyMeaning } from "../view/keys.ts";
import { hrefOf, type Route } from "../view/route.ts";

/** Reads the keyboard as long as the page is there. */
export function useKeys({ view }: Route): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target } = event;
      const at = target instanceof HTMLElement || target instanceof SVGElement ? target : null;
      // A dialog has its own keys, and the browser knows them.
      if (document.querySelector("dialog[open]")) return;
      const meaning = keyMeaning(event, at !== null && at.matches("input, select, textarea"));
      if (meaning === undefined) return;
      if (act(meaning, at, view)) event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [view]);
}

/** Does what a key means. Whether it did anything. */
function act(
  meaning: NonNullable<ReturnType<typeof keyMeaning>>,
  at: HTMLElement | SVGElement | null,
  view: Route["view"],
): boolean {
  switch (meaning) {
    case "search":
      if (view !== "services") location.hash = hrefOf("services");
      // The field is there once the view is drawn.
      requestAnimationFrame(() => setTimeout(() => focus(document.getElementById("search"))));
      return true;
    case "next":
      return step(at, 1);
    case "previous":
      return step(at, -1);
    case "open":
      return open(at);
    case "approve":
    case "reject":
      return press(at, meaning === "approve" ? "a" : "r");
    case "live":
      return click("[data-live]");
    case "help":
      location.hash = hrefOf("help");
      return true;
    case "leave":
      return leave(at, view);
  }
}

function step(at: Element | null, by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const now = at?.closest("[data-row]") ?? at?.closest(".card, .row")?.querySelector("[data-row]");
  const index = now ? rows.findIndex((row) => row === now) : -1;
  const next = index === -1 ? (by === 1 ? 0 : rows.length - 1) : index + by;
  return focus(rows[next]);
}

/** A row that is no link has one in it, or something to unfold. */
function open(at: Element | null): boolean {
  if (!at?.matches("[data-row]") || at.matches("a")) return false;
  const link = at.querySelector<HTMLElement>("a");
  if (link) {
    link.click();
    return true;
  }
  const details = at.closest(".card")?.querySelector("details");
  if (!details) return false;
  details.open = !details.open;
  return true;
}

function press(at: Element | null, key: "a" | "r"): boolean {
  const button = at?.closest("[data-action]")?.querySelector<HTMLElement>(`[data-key="${key}"]`);
  button?.focus();
  button?.click();
  return button !== undefined && button !== null;
}

function leave(at: HTMLElement | SVGElement | null, view: Route["view"]): boolean {
  if (at?.matches("input, select")) {
    at.blur();
    return true;
  }
  const close = document.querySelector<HTMLElement>("[data-close]");
  if (close) close.click();
  else if (view === "help") history.back();
  return close !== null || view === "help";
}

function click(selector: string): boolean {
  const button = document.querySelector<HTMLElement>(selector);
  button?.click();
  return button !== null;
}

function focus(element: HTMLElement | null | undefined): boolean {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
  return element !== null && element !== undefined;
}
