import { stringify } from "yaml";
import type { SecretName } from "../../model/secrets.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";

/** A value that Frigate fills in, and the secret that it comes from. */
export interface CameraSecret {
  /** Its placeholder in the configuration. */
  readonly variable: `FRIGATE_${string}`;
  readonly secret: SecretName;
}

/** A camera of the household. */
export interface Camera {
  /** Frigate's name for it, e.g. "front_door". */
  readonly camera: string;
  /** Address or name in the home network. @default "<camera>.cam.<domain>", with "-" for "_" */
  readonly address?: string;
  /**
   * reolink: a stream to detect in and one to record, of the user in FRIGATE_REOLINK_USER; tapo:
   * one stream, of a user of its own, and nothing is recorded.
   */
  readonly make: "reolink" | "tapo";
  /** User at a tapo. */
  readonly user?: CameraSecret;
  readonly password: CameraSecret;
  /** Name of the zone that people enter. @default it has none */
  readonly zone?: string;
  /** Corners of the zone as fractions of the picture, "x,y,…". @default the whole picture */
  readonly corners?: string;
}

interface Model {
  /** Streams as go2rtc takes them, by role; {NAME} is filled in by Frigate, see below. */
  readonly streams: { readonly main: string; readonly sub?: string };
  readonly record: boolean;
}

/** Port of live pictures with sound both ways, the same inside and outside. */
export const WEBRTC_PORT = 8555;

const WHOLE_PICTURE = "0,0,1,0,1,1,0,1";

/** Trained faces, below /media/frigate; in a volume of their own, which is copied. */
export const FACES_FOLDER = "clips/faces";

/**
 * The folders Frigate makes below /media/frigate when it starts (FrigateApp.ensure_dirs, the
 * review maintainer, the preview recorders). It ends when it cannot, so they have to stand where
 * it starts without the NAS; what it then tries to write there, it only logs.
 */
export function mediaFolders(cameras: readonly Pick<Camera, "camera">[]): string[] {
  return [
    "recordings",
    "exports",
    "clips/cache",
    "clips/thumbs",
    "clips/review",
    FACES_FOLDER,
    ...cameras.map(({ camera }) => `clips/previews/${camera}`),
  ];
}

/** Frigate and its go2rtc fill {FRIGATE_…} in from the environment and from /run/secrets. */
function modelOf(site: Site, { camera, address, make, user, password }: Camera): Model {
  const at = address ?? `${camera.replaceAll("_", "-")}.cam.${site.domain}`;
  const login = `{${user?.variable ?? "FRIGATE_REOLINK_USER"}}:{${password.variable}}@${at}:554`;
  if (make === "tapo") return { streams: { main: `rtsp://${login}/stream1` }, record: false };
  const stream = (quality: "main" | "sub") => `rtsp://${login}/h264Preview_01_${quality}`;
  return { streams: { main: stream("main"), sub: stream("sub") }, record: true };
}

/** Frigate's config.yml, in the form of version 0.16. */
export function frigateConfig(site: Site, cameras: readonly Camera[]): string {
  const models = cameras.map((one) => ({ one, model: modelOf(site, one) }));
  const home = site.hosts[hostWith("home")];
  return stringify(
    {
      // The file is read-only, so Frigate cannot bring an older form up to date.
      version: "0.16-0",
      mqtt: {
        host: "mosquitto",
        port: 1883,
        user: "{FRIGATE_MQTT_USER}",
        password: "{FRIGATE_MQTT_PASS}",
      },
      auth: { enabled: true },
      detectors: { ov: { type: "openvino", device: "GPU" } },
      model: {
        path: "/openvino-model/ssdlite_mobilenet_v2.xml",
        labelmap_path: "/openvino-model/coco_91cl_bkgr.txt",
        width: 300,
        height: 300,
        input_tensor: "nhwc",
        input_pixel_format: "bgr",
      },
      ffmpeg: { hwaccel_args: "preset-intel-qsv-h264" },
      face_recognition: { enabled: true, model_size: "small" },
      detect: { enabled: true, fps: 5 },
      objects: { track: ["person", "car", "dog", "cat"] },
      record: { enabled: true, retain: { days: 1, mode: "motion" } },
      snapshots: { enabled: true, retain: { default: 2 } },
      go2rtc: {
        streams: Object.assign(
          {},
          ...models.map(({ one, model }) => goStreams(one.camera, model)),
        ) as object,
        // Without its own addresses it names only what a server on the internet sees of it.
        webrtc: {
          candidates: [
            `${home.lan}:${WEBRTC_PORT}`,
            `${home.mesh}:${WEBRTC_PORT}`,
            `stun:${WEBRTC_PORT}`,
          ],
        },
      },
      cameras: Object.fromEntries(models.map(({ one, model }) => [one.camera, entry(one, model)])),
    },
    { lineWidth: 0 },
  );
}

function streamNames(name: string, { streams }: Model): { main: string; sub: string } {
  return streams.sub === undefined
    ? { main: name, sub: name }
    : { main: `${name}_main`, sub: `${name}_sub` };
}

function goStreams(name: string, model: Model): Record<string, string[]> {
  const { main, sub } = streamNames(name, model);
  const { streams } = model;
  return { ...(streams.sub === undefined ? {} : { [sub]: [streams.sub] }), [main]: [streams.main] };
}

function entry({ camera, zone, corners }: Camera, model: Model): object {
  const { main, sub } = streamNames(camera, model);
  const input = (stream: string, roles: string[]) => ({
    path: `rtsp://127.0.0.1:8554/${stream}`,
    input_args: "preset-rtsp-restream",
    roles,
  });
  const inputs =
    model.record && main !== sub
      ? [input(sub, ["detect"]), input(main, ["record"])]
      : [input(sub, ["detect"])];
  return {
    ffmpeg: { inputs },
    live: { streams: { [main]: main } },
    ...(model.record ? {} : { record: { enabled: false } }),
    ...(zone === undefined ? {} : { zones: { [zone]: { coordinates: corners ?? WHOLE_PICTURE } } }),
  };
}
