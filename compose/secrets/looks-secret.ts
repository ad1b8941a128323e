/** A word in a variable's name that says what it is. */
const WORDS = new Set([
  ..."PASSWORD PASSWD PASSPHRASE PASS PWD PW SECRET SECRETS TOKEN TOKENS CREDENTIAL CREDENTIALS".split(
    " ",
  ),
  ..."APIKEY AUTHKEY PSK SALT JWT WEBHOOK PEPPER PASSKEY PRIVATEKEY SECRETKEY".split(" "),
]);

/** A word that is two, whose second says it: DBPASS, rootpw. Not BYPASS, nor COMPASS. */
const RUN_TOGETHER =
  /^(ADMIN|AUTH|BIND|DATABASE|DB|FTP|HTTP|IMAP|LDAP|MAIL|MQTT|MYSQL|PG|REDIS|ROOT|RPC|SMTP|SQL|USER)(PASS|PWD?)$/;

/** What a "KEY" is with before it. */
const BEFORE_KEY = new Set(
  "API APP SECRET PRIVATE ACCESS ENCRYPTION ENCRYPT CRYPT SIGNING AUTH MASTER LICENSE LICENCE JWT SESSION COOKIE VAPID".split(
    " ",
  ),
);

/** Last words that make it a setting about a secret: a file, a length, an address. */
const ABOUT = new Set(
  "FILE PATH DIR FOLDER LENGTH EXPIRY EXPIRATION EXPIRES EXPIRE TTL TIMEOUT LIFETIME AGE DAYS HOURS MINUTES SECONDS ENABLED ENABLE DISABLED REQUIRED POLICY ALGORITHM ALG TYPE MODE HEADER MIN MAX COUNT LIMIT ROUNDS COST ISSUER AUDIENCE ENDPOINT SCOPE FIELD CLAIM RESET HINT NAME HOST PORT USER USERNAME DOMAIN SUBDOMAIN VERSION TAG IMAGE".split(
    " ",
  ),
);

/** Whether a variable of this name holds a secret: DB_PASSWORD, apiToken, APP_KEY; not TOKEN_TTL. */
export function isSecretName(name: string): boolean {
  // The shell's working folder.
  if (name === "PWD" || name === "OLDPWD") return false;
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .split(/[^A-Z]+/)
    .filter((word) => word !== "");
  if (ABOUT.has(words.at(-1) ?? "")) return false;
  const isUrl = /^UR[IL]$/.test(words.at(-1) ?? "");
  if (isUrl && !words.includes("WEBHOOK")) return false;
  return words.some(
    (word, index) =>
      WORDS.has(word) ||
      /(PASSWORD|PASSWD|APIKEY)$/.test(word) ||
      RUN_TOGETHER.test(word) ||
      (word === "KEY" && BEFORE_KEY.has(words[index - 1] ?? "")),
  );
}

/** A value that no secret is: nothing, a switch, a small number where no password is asked for. */
export function isPlainValue(name: string, value: string): boolean {
  if (/^(|true|false|yes|no|on|off|none|null|never|always)$/i.test(value.trim())) return true;
  return /^\d{1,4}$/.test(value) && !/(pass(word|wd)?|pin)$/i.test(name);
}

const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^eyJ[\w-]{8,}\.[\w-]+\.[\w-]*$/,
  /^(gh[pousr]_|github_pat_|glpat-|sk-|rk_|xox[abprs]-|AKIA|AGE-SECRET-KEY-|tskey-|hf_|dckr_pat_|base64:)\S{8,}$/,
  /^\$(2[abxy]|argon2|5|6|apr1)\$/,
  /^[0-9a-f]{32,}$/i,
];

/** Whether a value is a secret by its looks, whatever its name: a key, a token, a hash, random letters. */
export function isSecretValue(value: string): boolean {
  if (SHAPES.some((shape) => shape.test(value))) return true;
  const isLong = /^[A-Za-z0-9+/_-]{32,}={0,2}$/.test(value) && !/^[/.]/.test(value);
  return isLong && /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
}

/** Places of secrets inside a longer text. Each has groups `before` and `secret`. */
const INSIDE: readonly RegExp[] = [
  // scheme://user:secret@host
  /(?<before>[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)(?<secret>[^\s@/]+)(?=@)/gi,
  // user:secret@tcp(host)
  /(?<before>^[\w.-]+:)(?<secret>[^\s@/]+)(?=@(?:tcp|unix)\()/g,
  // password=secret, --requirepass secret, "token": "secret"
  /(?<before>(?:pass(?:word|wd|phrase)?|requirepass|masterauth|secret|token|api[_-]?key)["']?(?:\s*[=:]\s*|\s+)["']?)(?<secret>[^\s"'&;,]{3,})/gi,
  /(?<before>\b(?:Bearer|Basic)\s+)(?<secret>[\w.+/=-]{8,})/g,
];

/**
 * A text with what looks like a secret in it given to `hide`, and replaced by what that answers.
 */
export function withoutSecrets(text: string, hide: (secret: string) => string): string {
  return INSIDE.reduce(
    (found, pattern) =>
      found.replaceAll(pattern, (...match: unknown[]) => {
        const { before = "", secret = "" } = match.at(-1) as Record<string, string>;
        const isName = secret.includes("\uE000") || /^(\$|%|\{|<|\/|-)/.test(secret);
        return before + (isName || isPlainValue("", secret) ? secret : hide(secret));
      }),
    text,
  );
}
