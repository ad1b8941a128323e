// Who may say that something is done on a host: people, by their public ssh keys.

/** Namespace of `ssh-keygen -Y sign`: a signature made for anything else is none for an order. */
export const SIGNATURE_NAMESPACE = "homelab-order";

/** A name of one person, and no pattern for several (ssh-keygen(1), "ALLOWED SIGNERS"). */
export const SIGNER_NAME = /^[A-Za-z0-9][A-Za-z0-9@._+-]{0,127}$/;

/** A person, and a key that only that person has. */
export interface Signer {
  readonly name: string;
  /** One line of an id_….pub file, see `publicKeyProblem`. */
  readonly key: string;
}

/** In strength about what the other kinds have (NIST SP 800-57 part 1, table 2). */
const SHORTEST_RSA_BITS = 3072;

/** Length in bytes of the public half (RFC 8709 4; RFC 5656 3.1; OpenSSH, PROTOCOL.u2f). */
const LENGTHS: Readonly<Record<string, number>> = {
  "ssh-ed25519": 32,
  "sk-ssh-ed25519@openssh.com": 32,
  "ecdsa-sha2-nistp256": 65,
  "ecdsa-sha2-nistp384": 97,
  "ecdsa-sha2-nistp521": 133,
  "sk-ecdsa-sha2-nistp256@openssh.com": 65,
};

/** Fields before the public half: a curve has its name there (RFC 5656 3.1), RSA its exponent. */
function isAfterAnother(kind: string): boolean {
  return kind === "ssh-rsa" || kind.includes("ecdsa");
}

/**
 * Why a text is no public key that signs; undefined when it is one. It never quotes the text, which
 * may be a private key.
 */
export function publicKeyProblem(text: string): string | undefined {
  if (/PRIVATE KEY/.test(text)) {
    return "is a private key, which belongs in no file but its own; give the line of the .pub file beside it, and make a new key if anybody else could read this one";
  }
  const [, kind = "", base64 = ""] =
    /^([a-z0-9@.-]+) ([A-Za-z0-9+/]{16,2048}={0,2})( [^\r\n]*)?$/.exec(text) ?? [];
  if (kind !== "ssh-rsa" && !Object.hasOwn(LENGTHS, kind)) {
    return `is no public ssh key that signs; give the line of an id_….pub file: ${["ssh-rsa", ...Object.keys(LENGTHS)].join(", ")}`;
  }
  const fields = fieldsIn(Buffer.from(base64, "base64"));
  const key = fields?.[isAfterAnother(kind) ? 2 : 1];
  const broken = `is a broken ${kind} key; copy the whole line of the .pub file`;
  if (fields?.[0]?.toString("latin1") !== kind || !key) return broken;
  if (kind === "ssh-rsa") {
    const bits = BigInt(`0x0${key.toString("hex")}`).toString(2).length;
    return bits < SHORTEST_RSA_BITS
      ? `is an RSA key of ${bits} bits, and has to have ${SHORTEST_RSA_BITS} at least; make one: ssh-keygen -t ed25519`
      : undefined;
  }
  return key.length === LENGTHS[kind] ? undefined : broken;
}

/** The file of allowed signers: each key is good for orders, and for nothing else. */
export function allowedSignersText(signers: readonly Signer[]): string {
  return signers
    .map(({ name, key }) => `${name} namespaces="${SIGNATURE_NAMESPACE}" ${withoutComment(key)}\n`)
    .join("");
}

/** Kind and key, which say what it is; the comment after them says nothing. */
export function withoutComment(key: string): string {
  return key.split(" ").slice(0, 2).join(" ");
}

/** Fields with their length in four bytes before them (RFC 4251 5); undefined when they do not end. */
function fieldsIn(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}
