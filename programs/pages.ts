/** What the control plane's page gives a browser to run, by the name of the file. */
export type Pages = Readonly<Record<"index.html" | "page.js" | "page.css", string>>;

const NOT_YET = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>homelab</title>
  <p>The server is here and its pages are not yet. <code>npx homelab status</code> says how things are.</p>
</html>
`;

/** The files. @param _checkout folder with their sources */
export function controlPlanePages(_checkout: string): Promise<Pages> {
  return Promise.resolve({ "index.html": NOT_YET, "page.js": "", "page.css": "" });
}
