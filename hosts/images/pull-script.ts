// What a host runs to have images pulled: docker's own client says how far it is to terminals alone.
import { z } from "zod";
import { jsonIn } from "../../model/json-in.ts";
import { TEXT_OF } from "./pull-text.ts";

/** An image to be pulled. */
export interface WantedImage {
  /** Its name without tag and digest, e.g. "docker.io/library/caddy". */
  readonly name: string;
  readonly digest: string;
  /** Login at its registry as the engine takes it, base64url of JSON; null for none. */
  readonly auth: string | null;
}

const imageState = z.strictObject({
  state: z.enum(["waits", "pulls", "there", "failed"]),
  /** Bytes of the layers that are known so far: those that are here, and all. */
  done: z.number(),
  total: z.number(),
  /** The engine's words of a failure; null without one. */
  why: z.string().nullable(),
});

const lineSchema = z.strictObject({ images: z.array(imageState), text: z.string() });

/** How far each image is, in the order in which they were wanted, and all of them in words. */
export type PullState = z.infer<typeof lineSchema>;

/** The digests of all images that a host has, one in a line; some lines say "<none>". */
export const DIGESTS = "docker image ls --all --digests --format '{{.Digest}}'\n";

/** Images that are pulled at once; the engine takes three layers of each at a time. */
const AT_ONCE = 3;

/** How often a person is told how far the images are. In milliseconds. */
const TELL_MS = 5000;

/**
 * A script that has a host's engine pull images, and prints once a second, and at its end, how far
 * each is. It reads nothing, and its words are not on a command line: they may hold logins.
 */
export function pullScript(wanted: readonly WantedImage[]): string {
  return onHost(
    wanted,
    `const images = wanted.map(waiting);
const begin = performance.now();
const say = (seconds) =>
  process.stdout.write(JSON.stringify({ images, text: textOf(images, seconds) }) + "\\n");
const timer = setInterval(() => say((performance.now() - begin) / 1000), 1000);
await pullAll(wanted, images);
clearInterval(timer);
say(0);
`,
  );
}

/**
 * A script that has a host's engine pull those of these images that it lacks. It tells how far it is
 * on the standard error, and prints "failed <digest> <why>" of each that could not be had, which is no
 * failure of the script; where nothing is missing it says nothing.
 */
export function pullMissingScript(wanted: readonly WantedImage[]): string {
  return onHost(
    wanted,
    `const looked = await Promise.all(wanted.map(async (one) => [one, await isThere(one)]));
const missing = looked.filter(([, there]) => !there).map(([one]) => one);
const images = missing.map(waiting);
const begin = performance.now();
const tell = (seconds) => process.stderr.write("images: " + textOf(images, seconds) + "\\n");
const timer = setInterval(() => tell((performance.now() - begin) / 1000), ${TELL_MS});
await pullAll(missing, images);
clearInterval(timer);
if (images.length > 0) tell(0);
images.forEach(({ why }, index) => {
  if (why !== null) process.stdout.write("failed " + missing[index].digest + " " + why + "\\n");
});
`,
  );
}

function onHost(wanted: readonly WantedImage[], program: string): string {
  return `node --input-type=module - <<'PROGRAM'
const wanted = ${JSON.stringify(wanted)};
${TEXT_OF}${PULL}${program}PROGRAM
`;
}

/** An image of which the engine says nothing for so long does not come. In minutes. */
const SILENT_MINUTES = 30;

const PULL = `import { request } from "node:http";
const socketPath = "/var/run/docker.sock";
const SILENT_MS = ${SILENT_MINUTES * 60_000};
const waiting = () => ({ state: "waits", done: 0, total: 0, why: null });
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));
// It is said each second, and shown; a proxy may answer a whole page.
const short = (why) => String(why).replace(/[\\s\\p{Cc}]+/gu, " ").slice(0, 300);

function isThere({ name, digest }) {
  return new Promise((answered) => {
    const asked = request({ socketPath, path: "/images/" + name + "@" + digest + "/json" });
    asked.on("error", () => answered(false));
    asked.on("response", (answer) => {
      answer.resume();
      answered(answer.statusCode === 200);
    });
    asked.end();
  });
}

function pull({ name, digest, auth }, image) {
  const layers = new Map();
  const hear = ({ id, status, progressDetail, error, message }) => {
    if (error || (message && !status)) image.why = short(error || message);
    const { current = 0, total = 0 } = progressDetail || {};
    const known = layers.get(id);
    if (status === "Downloading" && total > 0) layers.set(id, { done: current, total });
    else if (known && status !== "Downloading") known.done = known.total;
    image.done = [...layers.values()].reduce((sum, { done }) => sum + done, 0);
    image.total = [...layers.values()].reduce((sum, { total }) => sum + total, 0);
  };
  return new Promise((ended) => {
    const fails = (why) => {
      image.why = image.why || short(why);
      ended();
    };
    const query = new URLSearchParams({ fromImage: name, tag: digest });
    const asked = request({
      socketPath,
      method: "POST",
      path: "/images/create?" + query,
      headers: auth === null ? {} : { "X-Registry-Auth": auth },
    });
    asked.on("error", (error) => fails(error.message));
    asked.setTimeout(SILENT_MS, () => {
      fails("nothing came of it for ${SILENT_MINUTES} minutes");
      asked.destroy();
    });
    asked.on("response", (answer) => {
      let rest = "";
      const take = (line) => {
        try {
          if (line.trim() !== "") hear(JSON.parse(line));
        } catch {
          fails("the engine's answer could not be read");
        }
      };
      answer.setEncoding("utf8");
      answer.on("data", (text) => {
        const lines = (rest + text).split("\\n");
        rest = lines.pop();
        lines.forEach(take);
      });
      answer.on("error", (error) => fails(error.message));
      answer.on("end", () => {
        take(rest);
        if (answer.statusCode !== 200) fails("the engine answers " + answer.statusCode);
        else ended();
      });
    });
    asked.end();
  });
}

async function pullAll(wanted, images) {
  const left = wanted.map((one, index) => [one, images[index]]);
  const next = async () => {
    for (let now = left.shift(); now; now = left.shift()) {
      const [one, image] = now;
      image.state = "pulls";
      await pull(one, image);
      image.state = image.why === null ? "there" : "failed";
    }
  };
  await Promise.all(Array.from({ length: ${AT_ONCE} }, next));
}

`;

/** How far the images are, in a line of what the script prints; undefined for any other line. */
export function pullStateIn(line: string): PullState | undefined {
  return lineSchema.safeParse(jsonIn(line)).data;
}
