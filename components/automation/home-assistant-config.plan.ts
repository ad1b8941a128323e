import { stringify } from "yaml";
import type { Site } from "../../model/site.ts";

/** A camera of Frigate whose sightings of people are announced. */
interface Watched {
  readonly camera: string;
  readonly title: string;
  /** Zone that the person must have entered. @default any */
  readonly zone?: string;
  /** ntfy's priority, 1 to 5. */
  readonly priority: number;
}

const WATCHED: readonly Watched[] = [
  { camera: "front_door", title: "Front door", zone: "driveway", priority: 4 },
  { camera: "back_yard", title: "Back yard", zone: "terraza", priority: 4 },
  { camera: "indoor", title: "Indoor", priority: 5 },
];

/**
 * Home Assistant's configuration.yaml. Written by hand, since `!include` and `!secret` are tags
 * of Home Assistant's own; the values in it come from the site.
 *
 * The MQTT broker is not in it: Home Assistant takes its login in the web page only (host
 * mosquitto, port 1883, user homeassistant, password `homelab:mqtt-homeassistant-password`).
 */
export function homeAssistantConfig(site: Site): string {
  return `# Written by the homelab program; changes made here are lost.
default_config:

homeassistant:
  time_zone: ${JSON.stringify(site.timezone)}
  external_url: https://jara.${site.domain}

http:
  use_x_forwarded_for: true
  # The engine's networks: Caddy is on one of them.
  trusted_proxies:
    - 172.16.0.0/12

# Read by vmagent with a long-lived token.
prometheus:

recorder:
  purge_keep_days: 7
  exclude:
    entity_globs:
      - sensor.*_fps
      - sensor.frigate_*cpu*
      - sensor.*_count
      - binary_sensor.*_motion

notify:
  - name: ntfy
    platform: rest
    method: POST_JSON
    resource: https://notify.${site.domain}
    headers:
      Authorization: !secret ntfy_authorization
    title_param_name: title
    data:
      topic: homelab

# As notify, with a priority: that one must be a number, which notify cannot send.
rest_command:
  ntfy:
    method: POST
    url: https://notify.${site.domain}/homelab
    headers:
      Authorization: !secret ntfy_authorization
      Title: "{{ title }}"
      Priority: "{{ priority }}"
    payload: "{{ message }}"

automation: !include automations.yaml

lovelace:
  dashboards:
    cameras-dashboard:
      mode: yaml
      filename: cameras-dashboard.yaml
      title: Cameras
      icon: mdi:cctv
`;
}

/** Home Assistant's secrets.yaml, a template. */
export const HOME_ASSISTANT_SECRETS = 'ntfy_authorization: "Bearer {{ntfy-token}}"\n';

/**
 * Home Assistant's automations.yaml: one message for each person whom a camera sees for the first
 * time, unless Frigate knows the face.
 * @param knownFaces names of faces, as trained in Frigate, that are not announced
 */
export function homeAssistantAutomations(knownFaces: readonly string[]): string {
  return stringify(
    WATCHED.map((watched) => ({
      id: `person_${watched.camera}`,
      alias: `Person: ${watched.title}`,
      mode: "parallel",
      triggers: [{ trigger: "mqtt", topic: "frigate/events" }],
      conditions: conditions(watched, knownFaces).map((test) => ({
        condition: "template",
        value_template: `{{ ${test} }}`,
      })),
      actions: [
        {
          action: "rest_command.ntfy",
          data: {
            title: `Person: ${watched.title}`,
            message: `A person was seen by the camera ${watched.camera}`,
            priority: watched.priority,
          },
        },
      ],
    })),
  );
}

function conditions(watched: Watched, knownFaces: readonly string[]): string[] {
  const before = "trigger.payload_json['before']";
  const after = "trigger.payload_json['after']";
  return [
    `${after}['camera'] == '${watched.camera}'`,
    `${after}['label'] == 'person'`,
    // Once a person: when the event begins, or when it first touches the zone.
    watched.zone === undefined
      ? "trigger.payload_json['type'] == 'new'"
      : `'${watched.zone}' in ${after}['entered_zones'] ` +
        `and '${watched.zone}' not in ${before}['entered_zones']`,
    // A known face is a sub label: a name, or a name with its certainty.
    ...(knownFaces.length > 0
      ? [
          `(${after}['sub_label'] if ${after}['sub_label'] is string ` +
            `else (${after}['sub_label'] or [''])[0]) not in ${JSON.stringify(knownFaces)}`,
        ]
      : []),
  ];
}

/** The dashboard with one live picture for each camera. */
export function homeAssistantDashboard(): string {
  return stringify({
    title: "Cameras",
    views: [
      {
        title: "Cameras",
        cards: WATCHED.map(({ camera, title }) => ({
          type: "picture-entity",
          entity: `camera.${camera}`,
          name: title,
          camera_view: "live",
          show_state: false,
        })),
      },
    ],
  });
}
