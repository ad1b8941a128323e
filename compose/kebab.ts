/** "DB_PASSWORD" and "dbPassword" as "db-password"; "secret" for a name without letters and digits. */
export function kebab(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return words === "" ? "secret" : words;
}

/** A name that begins with the app's: "db" as "linkding-db", "linkding-db" as it is. */
export function withApp(app: string, name: string): string {
  return name === app || name.startsWith(`${app}-`) ? name : `${app}-${name}`;
}
