import type { Watched } from "../components/automation/home-assistant-config.plan.ts";
import type { Camera } from "../components/security/frigate-config.plan.ts";
import { person, type Secrets } from "../model/secrets.ts";

/** The cameras of this home: what Frigate has to know of each, and how Home Assistant tells of it. */
export const CAMERAS: readonly (Camera & Watched)[] = [
  {
    camera: "front_door",
    title: "Front door",
    make: "reolink",
    password: { variable: "FRIGATE_FRONT_PASS", secret: "frigate-front-password" },
    zone: "driveway",
    priority: 4,
  },
  {
    camera: "back_yard",
    title: "Back yard",
    make: "reolink",
    password: { variable: "FRIGATE_BACK_PASS", secret: "frigate-back-password" },
    zone: "terraza",
    priority: 4,
  },
  {
    camera: "indoor",
    title: "Indoor",
    make: "tapo",
    user: { variable: "FRIGATE_TAPO_USER", secret: "frigate-tapo-user" },
    password: { variable: "FRIGATE_TAPO_PASS", secret: "frigate-tapo-password" },
    priority: 5,
  },
];

/** What opens them. */
export const CAMERA_SECRETS: Secrets = {
  "frigate-front-password": person("front door camera", "the camera's password"),
  "frigate-back-password": person("back yard camera", "the camera's password"),
  "frigate-tapo-user": person("indoor camera's user", "the camera's user name"),
  "frigate-tapo-password": person("indoor camera", "the camera's password"),
};
