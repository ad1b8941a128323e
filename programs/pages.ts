import { bundlePages } from "../control-plane/pages/build.ts";

/** What the control plane's page gives a browser to run, by the name of the file. */
export type Pages = Readonly<Record<"index.html" | "page.js" | "page.css", string>>;

/** The files, made from their sources. @param checkout folder with them */
export async function controlPlanePages(checkout: string): Promise<Pages> {
  return (await bundlePages(checkout)).files;
}
