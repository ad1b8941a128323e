import type { VNode } from "preact";
import { plain } from "../view/plain.ts";

/** Chooses one of a few; what is chosen stands in the address. */
export function Choice({ label, value, options, hrefFor }: ChoiceProps): VNode {
  const choose = (event: { readonly currentTarget: HTMLSelectElement }): void => {
    location.hash = hrefFor(event.currentTarget.value);
  };
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={choose}>
        {options.map(([each, text]) => (
          <option value={each} key={each}>
            {plain(text)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  /** Each value with its words. */
  readonly options: readonly (readonly [string, string])[];
  /** The address at which one is chosen. */
  readonly hrefFor: (value: string) => string;
}
