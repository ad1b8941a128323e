import type { ImportedApp } from "../../../compose/import.ts";
import type { AppService } from "../../../model/declaration.ts";
import { serviceOf } from "../../support/plan.ts";
import { imported } from "./imported.ts";

/** All that an import writes. */
export function planText({ files }: ImportedApp): string {
  return files.map(({ text }) => text).join("\n");
}

/** A service of an imported file. @param name the file's folder */
export function service(name: string, container: string, profiles: string[] = []): AppService {
  return serviceOf(imported(name, { profiles }).declared, container);
}
