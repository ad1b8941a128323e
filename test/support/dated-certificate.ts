// Certificates that are good from one moment to another, made by openssl.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../hosts/local-command.ts";

/** A certificate and its key, as PEM. */
export interface DatedCertificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * A certificate that nobody but itself vouches for.
 * @param from first moment, to the second, in milliseconds since 1970
 * @param to last moment, likewise
 */
export async function datedCertificate(
  name: string,
  from: number,
  to: number,
): Promise<DatedCertificate> {
  const folder = await mkdtemp(join(tmpdir(), "certificate-"));
  const at = (file: string): string => join(folder, file);
  try {
    await writeFile(at("index"), "");
    await writeFile(at("serial"), "01\n");
    await writeFile(
      at("config"),
      `[ca]
default_ca = own
[own]
database = ${at("index")}
serial = ${at("serial")}
new_certs_dir = ${folder}
default_md = sha256
policy = names
x509_extensions = more
[names]
commonName = supplied
[more]
subjectAltName = DNS:${name}
`,
    );
    await run(
      ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"].concat([
        ...["-nodes", "-keyout", at("key"), "-out", at("request"), "-subj", `/CN=${name}`],
      ]),
    );
    await run(
      ["openssl", "ca", "-batch", "-selfsign", "-notext", "-config", at("config")].concat([
        ...["-keyfile", at("key"), "-in", at("request"), "-out", at("cert")],
        ...["-startdate", dateOf(from), "-enddate", dateOf(to)],
      ]),
    );
    const [cert, key] = await Promise.all(
      ["cert", "key"].map((file) => readFile(at(file), "utf8")),
    );
    return { cert: cert ?? "", key: key ?? "" };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As openssl takes it, e.g. "20261127130000Z". */
function dateOf(moment: number): string {
  return `${new Date(moment).toISOString().replaceAll(/[-:T]|\.\d+Z/g, "")}Z`;
}
