// Programs that PyPI has in the declared version.
import { readFileSync } from "node:fs";
import { folder } from "../../../sandbox/images/path-entry.ts";
import { answers, json } from "../answers.ts";
import type { RealProgram } from "../real-program.ts";
import * as z from "zod";

const HOME_ASSISTANT = readFileSync(
  new URL("../questions/home-assistant.mjs", import.meta.url),
  "utf8",
);

const CONTAINERS = z.array(z.object({ name: z.string(), status: z.string() }));

/** A page of its own is given to its form as by a person; what became of it is asked by its API. */
const WATCH = `page="http://$address:5000"
watched="$page/static/favicons/site.webmanifest"
key=$(in_it python -c 'import json; print(json.load(open("/datastore/url-watches.json"))["settings"]["application"]["api_access_token"])')
watches() { curl -fsS -H "x-api-key: $key" "$page/api/v1/watch"; }
if ! watches | grep -q "$watched"; then
  jar=/tmp/conformance-jar
  form=$(curl -fsS -c $jar "$page/" | sed -n 's/.*name="csrf_token"[^>]*value="\\([^"]*\\)".*/\\1/p' | head -n 1)
  curl -fsS -o /dev/null -b $jar -e "$page/" --data-urlencode "csrf_token=$form" --data-urlencode "url=$watched" \\
    --data "tags=&processor=text_json_diff&watch_submit_button=Watch" "$page/form/add/quickwatch"
fi
watches`;

const WATCHES = z.record(
  z.string(),
  z.object({ last_checked: z.number(), last_error: z.union([z.string(), z.boolean(), z.null()]) }),
);

/** From PyPI, above Debian 13's Python 3.13. */
export const PYTHON: readonly RealProgram[] = [
  {
    service: "vps/changedetection",
    from: "PyPI changedetection.io",
    image: {
      root: "changedetection",
      entry: {
        entrypoint: [],
        command: ["python", "/usr/local/bin/changedetection.io", "-d", "/datastore"],
        paths: [folder("/datastore")],
      },
    },
    version: [
      "python",
      "-c",
      "import importlib.metadata as m; print(m.version('changedetection.io'))",
    ],
    question: "takes a page to watch from its form, fetches it and finds nothing wrong with it",
    ask: WATCH,
    right: json(WATCHES, (watches) =>
      Object.values(watches).some(
        ({ last_checked, last_error }) => last_checked > 0 && !last_error,
      ),
    ),
    withinSeconds: 180,
  },
  {
    service: "nas/glances",
    from: "PyPI glances",
    image: {
      root: "glances",
      entry: { command: ["/bin/sh", "-c", "exec python3 -m glances $GLANCES_OPT"], paths: [] },
    },
    version: ["python3", "-c", "import glances; print(glances.__version__)"],
    question: "which containers run beside it: it finds itself",
    ask: `curl -fsS "http://$address:61208/api/4/containers"`,
    right: json(CONTAINERS, (containers) => containers.some(({ name }) => name === "glances")),
    withinSeconds: 120,
  },
  {
    service: "docker-vm/homeassistant",
    from: "PyPI homeassistant, with what its integrations of our configuration name",
    image: {
      root: "home-assistant",
      entry: {
        tree: {
          first: "s6",
          script: "/init",
          endsWithServer: true,
          server: ["python3", "-m", "homeassistant", "--config", "/config"],
        },
        paths: [folder("/config")],
      },
    },
    version: ["python3", "-c", "from homeassistant.const import __version__ as v; print(v)"],
    secrets: { MQTT_PASSWORD: "mqtt-homeassistant-password" },
    question:
      "takes the broker and an automation from its page beside our configuration, hears Mosquitto by it and publishes the answer",
    ask: `node --input-type=module - "$address" <<'END'
${HOME_ASSISTANT}END
docker exec mosquitto sh -c 'mosquitto_pub $(cat /run/health/mosquitto_sub) -h 127.0.0.1 -t conformance/asked -m question'
docker exec mosquitto mosquitto_sub -h 127.0.0.1 -t conformance/answered -C 1 -W 5`,
    right: answers(/^question heard$/m),
    withinSeconds: 300,
  },
];
