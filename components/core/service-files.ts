import * as pulumi from "@pulumi/pulumi";
import type { FileDeclaration } from "../../model/declared-files.ts";
import type { AppService } from "../../model/declaration.ts";
import { secretsIn } from "../../model/file-secrets.ts";
import { filePath } from "../../model/paths.ts";
import { SECRET_MODE } from "../../model/secret-readers.ts";
import { isSecretContent, renderContent, valuesIn } from "./file-content.ts";
import { secretFingerprint } from "../../model/fingerprint.ts";
import type { Host } from "./host.ts";
import { writeHostFiles, writeToken, type HostFile } from "./host-files.ts";

/** The files of one service on its host. */
export interface ServiceFiles {
  /** What the container has to wait for. */
  readonly resources: pulumi.Resource[];
  /**
   * Changes when the content of a file changes, and when the files had to be written again: a
   * running container still sees the file that was changed under it. Not a secret.
   */
  readonly fingerprint: pulumi.Output<string> | undefined;
}

/** Writes the configuration and secret files of a service, if it has any. */
export function writeServiceFiles(
  name: string,
  host: Host,
  declaration: AppService,
  opts: pulumi.CustomResourceOptions,
): ServiceFiles {
  const declared = declaration.files ?? [];
  if (declared.length === 0) return { resources: [], fingerprint: undefined };
  const key = host.secret("label-key");
  const files = pulumi
    .all([resolve(declared, host), key])
    .apply(([inputs, saltKey]) =>
      Promise.all(declared.map((file) => render(host, declaration, file, { ...inputs, saltKey }))),
    );
  const secret = declared.some((file) => isSecretContent(file.content));
  const token = writeToken(host.observation.files[declaration.name]);
  const resource = writeHostFiles(
    `${name}-files`,
    {
      alias: host.alias,
      record: declaration.name,
      files: secret ? pulumi.secret(files) : pulumi.unsecret(files),
      token,
    },
    opts,
  );
  const fingerprint = pulumi.unsecret(
    pulumi
      .all([files, key])
      .apply(([list, k]) => secretFingerprint(k, token + JSON.stringify(list))),
  );
  return { resources: [resource], fingerprint };
}

function resolve(
  files: readonly FileDeclaration[],
  host: Host,
): pulumi.Output<{ secrets: Record<string, string>; values: Record<string, string> }> {
  const secretNames = unique(files.flatMap((file) => secretsIn(file.content)));
  const valueNames = unique(files.flatMap((file) => valuesIn(file.content)));
  return pulumi.output({
    secrets: Object.fromEntries(
      secretNames.map((secret) => [secret, host.secret(secret)] as const),
    ),
    values: Object.fromEntries(valueNames.map((value) => [value, host.value(value)] as const)),
  });
}

function unique(names: string[]): string[] {
  return [...new Set(names)].sort();
}

async function render(
  host: Host,
  declaration: AppService,
  file: FileDeclaration,
  inputs: Parameters<typeof renderContent>[1],
): Promise<HostFile> {
  const secret = isSecretContent(file.content);
  return {
    path: filePath(declaration.name, file),
    content: await renderContent(file.content, inputs),
    owner: file.owner ?? declaration.user ?? host.readerOf(declaration.image),
    mode: file.mode ?? (secret ? SECRET_MODE : "0444"),
  };
}
