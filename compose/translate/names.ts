import { externalName } from "../schema/file.ts";
import { kebab, withApp } from "../kebab.ts";
import type { ComposeProject, ComposeService } from "../resolve/project.ts";

/** What Compose's names are called here: containers, volumes and networks belong to the host. */
export interface Names {
  /** The app, e.g. "linkding". */
  readonly app: string;
  /** Container of a service. */
  readonly container: (service: string) => string;
  /** Volume of the top level. */
  readonly volume: (key: string) => string;
  /** Network of the top level; "default" for the one that Compose makes by itself. */
  readonly network: (key: string) => string;
}

/** Names for an app, unique on a host that has no other app of its name. */
export function namesFor(app: string, project: ComposeProject): Names {
  const own = (name: string) => withApp(app, kebab(name));
  const containers = new Map(
    project.services.map(({ name, fields }) => [name, fields.container_name ?? own(name)]),
  );
  return {
    app,
    container: (service) => containers.get(service) ?? own(service),
    volume: (key) => {
      const volume = project.volumes[key] ?? {};
      return externalName(key, volume) ?? volume.name ?? own(key);
    },
    network: (key) => {
      const network = project.networks[key] ?? {};
      const given = externalName(key, network) ?? network.name;
      return given ?? (key === "default" ? `${app}-net` : own(key));
    },
  };
}

/** Name of the container that Compose made of a service, for who takes it over. */
export function composedContainer(project: ComposeProject, service: ComposeService): string {
  return service.fields.container_name ?? `${project.name}-${service.name}-1`;
}

/** "paperless-ngx" as "paperlessNgx"; a word that no identifier begins with gets an "a" before it. */
export function camel(name: string): string {
  const word = kebab(name).replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return /^[a-z]/.test(word) ? word : `a${word}`;
}

/** "paperless-ngx" as "PaperlessNgx". */
export function pascal(name: string): string {
  const word = camel(name);
  return word.charAt(0).toUpperCase() + word.slice(1);
}
