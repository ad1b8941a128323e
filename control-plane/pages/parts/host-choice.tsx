import type { VNode } from "preact";
import { WORDS } from "../words.ts";
import { useShown } from "./context.ts";

/** Chooses a host, or all. */
export function HostChoice({ host, hrefFor }: HostChoiceProps): VNode {
  const { hosts } = useShown().state;
  const choose = (event: { readonly currentTarget: HTMLSelectElement }): void => {
    location.hash = hrefFor(event.currentTarget.value);
  };
  return (
    <label class="field">
      <span>{WORDS.hostLabel}</span>
      <select value={host} onChange={choose}>
        <option value="">{WORDS.allHosts}</option>
        {hosts.map(({ host: name }) => (
          <option value={name} key={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface HostChoiceProps {
  /** Empty for all. */
  readonly host: string;
  /** The address at which it is chosen. */
  readonly hrefFor: (host: string) => string;
}
