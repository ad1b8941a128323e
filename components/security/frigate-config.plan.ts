import { stringify } from "yaml";
import type { Site } from "../../model/site.ts";

/** The household's cameras, by Frigate's name for them. */
export type CameraName = "front_door" | "back_yard" | "indoor";

/** What only the household knows of a camera. */
export interface CameraSettings {
  /** Address or name in the home network. @default "<camera>.cam.<domain>", with "-" for "_" */
  readonly address?: string;
  /** Corners of its zone as fractions of the picture, "x,y,…". @default the whole picture */
  readonly zone?: string;
}

/** Cameras of which something is known. */
export type Cameras = Readonly<Partial<Record<CameraName, CameraSettings>>>;

interface Model {
  /** Streams as go2rtc takes them, by role; {NAME} is filled in by Frigate, see below. */
  readonly streams: { readonly main: string; readonly sub?: string };
  readonly zone?: string;
  readonly record: boolean;
}

/** Port of live pictures with sound both ways, the same inside and outside. */
export const WEBRTC_PORT = 8555;

const WHOLE_PICTURE = "0,0,1,0,1,1,0,1";

/** Names of the cameras. */
const CAMERAS: readonly CameraName[] = ["front_door", "back_yard", "indoor"];

/** Trained faces, below /media/frigate; in a volume of their own, which is copied. */
export const FACES_FOLDER = "clips/faces";

/**
 * The folders Frigate makes below /media/frigate when it starts (FrigateApp.ensure_dirs, the
 * review maintainer, the preview recorders). It ends when it cannot, so they have to stand where
 * it starts without the NAS; what it then tries to write there, it only logs.
 */
export const MEDIA_FOLDERS: readonly string[] = [
  "recordings",
  "exports",
  "clips/cache",
  "clips/thumbs",
  "clips/review",
  FACES_FOLDER,
  ...CAMERAS.map((camera) => `clips/previews/${camera}`),
];

/** Frigate and its go2rtc fill {FRIGATE_…} in from the environment and from /run/secrets. */
function models(address: Readonly<Record<CameraName, string>>): Record<CameraName, Model> {
  const reolink = (camera: CameraName, password: string, quality: "main" | "sub") =>
    `rtsp://{FRIGATE_REOLINK_USER}:{${password}}@${address[camera]}:554/h264Preview_01_${quality}`;
  return {
    front_door: {
      streams: {
        main: reolink("front_door", "FRIGATE_FRONT_PASS", "main"),
        sub: reolink("front_door", "FRIGATE_FRONT_PASS", "sub"),
      },
      zone: "driveway",
      record: true,
    },
    back_yard: {
      streams: {
        main: reolink("back_yard", "FRIGATE_BACK_PASS", "main"),
        sub: reolink("back_yard", "FRIGATE_BACK_PASS", "sub"),
      },
      zone: "terraza",
      record: true,
    },
    indoor: {
      streams: {
        main: `rtsp://{FRIGATE_TAPO_USER}:{FRIGATE_TAPO_PASS}@${address.indoor}:554/stream1`,
      },
      record: false,
    },
  };
}

/** Frigate's config.yml, in the form of version 0.16. */
export function frigateConfig(site: Site, cameras: Cameras): string {
  const addressOf = (camera: CameraName) =>
    cameras[camera]?.address ?? `${camera.replaceAll("_", "-")}.cam.${site.domain}`;
  const all = models({
    front_door: addressOf("front_door"),
    back_yard: addressOf("back_yard"),
    indoor: addressOf("indoor"),
  });
  const names = Object.keys(all) as CameraName[];
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
        streams: Object.assign({}, ...names.map((name) => goStreams(name, all[name]))) as object,
        // Without its own addresses it names only what a server on the internet sees of it.
        webrtc: {
          candidates: [
            `${site.hosts["docker-vm"].lan}:${WEBRTC_PORT}`,
            `${site.hosts["docker-vm"].mesh}:${WEBRTC_PORT}`,
            `stun:${WEBRTC_PORT}`,
          ],
        },
      },
      cameras: Object.fromEntries(names.map((name) => [name, camera(name, all[name], cameras)])),
    },
    { lineWidth: 0 },
  );
}

function streamNames(name: CameraName, { streams }: Model): { main: string; sub: string } {
  return streams.sub === undefined
    ? { main: name, sub: name }
    : { main: `${name}_main`, sub: `${name}_sub` };
}

function goStreams(name: CameraName, model: Model): Record<string, string[]> {
  const { main, sub } = streamNames(name, model);
  const { streams } = model;
  return { ...(streams.sub === undefined ? {} : { [sub]: [streams.sub] }), [main]: [streams.main] };
}

function camera(name: CameraName, model: Model, cameras: Cameras): object {
  const { main, sub } = streamNames(name, model);
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
    ...(model.zone === undefined
      ? {}
      : { zones: { [model.zone]: { coordinates: cameras[name]?.zone ?? WHOLE_PICTURE } } }),
  };
}
