import type { TileDeclaration } from "../../model/declared-uses.ts";
import { hasSecret } from "../secrets/vault.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";

/** The tile that Homepage's labels of a service stand for. */
export function translateTile(
  service: ComposeService,
  context: Context,
): TileDeclaration | undefined {
  const labels = Object.entries(service.fields.labels ?? {}).filter(([key]) =>
    key.startsWith("homepage."),
  );
  if (labels.length === 0) return undefined;
  const said = new Map(labels.map(([key, value]) => [key.slice("homepage.".length), value]));
  const { findings } = context;
  const place = service.place("labels");
  const left = [...said.keys()].filter(
    (key) => !["group", "name", "icon", "description", "href"].includes(key),
  );
  if (left.length > 0) {
    findings.dropped(
      place,
      `homepage.${left.join(", homepage.")}: a tile has group, title, description and icon; its address is that of the route`,
    );
  }
  const title = said.get("name");
  if (title === undefined || labels.some(([, value]) => hasSecret(value ?? ""))) {
    findings.dropped(place, "a tile without homepage.name, or with a secret in it");
    return undefined;
  }
  const icon = said.get("icon") ?? `${service.name}.png`;
  return {
    group: said.get("group") ?? "Tools",
    title,
    description: said.get("description") ?? title,
    icon: /\.|^(mdi|si)-/.test(icon) ? icon : `${icon}.png`,
  };
}
