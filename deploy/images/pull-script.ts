// What a host runs to have images pulled: docker's own client says how far it is to terminals alone.
import { z } from "zod";

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

const lineSchema = z.strictObject({ images: z.array(imageState) });

/** How far each image is, in the order in which they were wanted. */
export type PullState = z.infer<typeof imageState>;

/** The digests of all images that a host has, one in a line; some lines say "<none>". */
export const DIGESTS = "docker image ls --all --digests --format '{{.Digest}}'\n";

/** Images that are pulled at once; the engine takes three layers of each at a time. */
const AT_ONCE = 3;

/**
 * A script that has a host's engine pull images, and prints once a second, and at its end, how far
 * each is. It reads nothing, and its words are not on a command line: they may hold logins.
 */
export function pullScript(wanted: readonly WantedImage[]): string {
  return `node --input-type=module - <<'PROGRAM'
const wanted = ${JSON.stringify(wanted)};
${PROGRAM}PROGRAM
`;
}

const PROGRAM = `import { request } from "node:http";
const images = wanted.map(() => ({ state: "waits", done: 0, total: 0, why: null }));
const say = () => process.stdout.write(JSON.stringify({ images }) + "\\n");
process.stdout.on("error", () => process.exit(1));
// It is said each second, and shown; a proxy may answer a whole page.
const short = (why) => String(why).replace(/[\\s\\p{Cc}]+/gu, " ").slice(0, 300);

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
      socketPath: "/var/run/docker.sock",
      method: "POST",
      path: "/images/create?" + query,
      headers: auth === null ? {} : { "X-Registry-Auth": auth },
    });
    asked.on("error", (error) => fails(error.message));
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

const left = wanted.map((one, index) => [one, images[index]]);
const timer = setInterval(say, 1000);
await Promise.all(
  Array.from({ length: ${AT_ONCE} }, async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [one, image] = next;
      image.state = "pulls";
      await pull(one, image);
      image.state = image.why === null ? "there" : "failed";
    }
  }),
);
clearInterval(timer);
say();
`;

/** How far the images are, in a line of what the script prints; undefined for any other line. */
export function pullStateIn(line: string): readonly PullState[] | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data?.images;
  } catch {
    return undefined;
  }
}
