import { stringify } from "yaml";
import type { Site } from "../../model/site.ts";
import { PROXY_ADDRESSES, type HomeProxy } from "../edge/proxy.plan.ts";

/** A camera of Frigate whose sightings of people are announced. */
export interface Watched {
  /** Frigate's name for it, e.g. "front_door". */
  readonly camera: string;
  /** A person's name for it. */
  readonly title: string;
  /** Zone that the person must have entered. @default any */
  readonly zone?: string;
  /** ntfy's priority, 1 to 5. */
  readonly priority: number;
}

/** Where its settings are in the container. */
export const HOME_ASSISTANT_FOLDER = "/config";

/** The folder below it that holds what is declared here; everything beside it is a person's. */
export const DECLARED_FOLDER = "homelab";

/** Files that its web page writes, and a person's secrets, with what they hold when new. */
const OWN_FILES = {
  "automations.yaml": "[]",
  "scenes.yaml": "[]",
  "scripts.yaml": "{}",
  "secrets.yaml": "{}",
} as const;

/**
 * Home Assistant's configuration.yaml. Written by hand, since `!include` is a tag of Home
 * Assistant's own.
 *
 * Two things are not in it, because the page could then not change them (core_config.py: with
 * one of them here, all of the kind count as settings of a file): where the home is with its time
 * zone, units and addresses, and the MQTT broker (host mosquitto, port 1883, user homeassistant,
 * password `homelab:mqtt-homeassistant-password`). Automations that listen to the broker begin to
 * do so when they are reloaded after it was added.
 * @param proxy who tells it from where visitors come
 */
export function homeAssistantConfig({ title }: HomeProxy): string {
  return `# Written by the homelab program; changes made here are lost. Your own YAML goes into
# files of any name in the folder packages, beside this file.
default_config:

homeassistant:
  packages: !include_dir_named packages

http:
  use_x_forwarded_for: true
  # The engine's networks: ${title} is on one of them.
  trusted_proxies:
    - ${PROXY_ADDRESSES}

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

notify: !include ${DECLARED_FOLDER}/notify.yaml
rest_command: !include ${DECLARED_FOLDER}/rest_command.yaml

# What the page writes, and what is declared.
automation: !include automations.yaml
automation homelab: !include ${DECLARED_FOLDER}/automations.yaml
script: !include scripts.yaml
scene: !include scenes.yaml

lovelace:
  dashboards:
    cameras-dashboard:
      mode: yaml
      filename: ${DECLARED_FOLDER}/cameras-dashboard.yaml
      title: Cameras
      icon: mdi:cctv
`;
}

/** The sender of messages that automations name `notify.ntfy`. */
export function homeAssistantNotify(site: Site): string {
  return `- name: ntfy
  platform: rest
  method: POST_JSON
  resource: https://notify.${site.domain}
  headers:
    Authorization: !secret ntfy_authorization
  title_param_name: title
  data:
    topic: homelab
`;
}

/** As notify, with a priority: that one must be a number, which notify cannot send. */
export function homeAssistantRestCommand(site: Site): string {
  return `ntfy:
  method: POST
  url: https://notify.${site.domain}/homelab
  headers:
    Authorization: !secret ntfy_authorization
    Title: "{{ title }}"
    Priority: "{{ priority }}"
  payload: "{{ message }}"
`;
}

/**
 * First program of the container. Home Assistant refuses its configuration when a file that it
 * includes is missing, and the page cannot replace one that is mounted; so they are made in the
 * volume. An empty one is what is left where a file was mounted before.
 */
export function homeAssistantStartScript(): string {
  const make = Object.entries(OWN_FILES).map(
    ([name, text]) =>
      `[ -s ${HOME_ASSISTANT_FOLDER}/${name} ] || ` +
      `echo '${text}' >${HOME_ASSISTANT_FOLDER}/${name}`,
  );
  return `#!/bin/sh
set -eu
mkdir -p ${HOME_ASSISTANT_FOLDER}/packages
${make.join("\n")}
exec /init "$@"
`;
}

/**
 * The secrets of the declared files, a template: `!secret` looks in the folder of the file that
 * it stands in first.
 */
export const HOME_ASSISTANT_SECRETS = 'ntfy_authorization: "Bearer {{ntfy-token}}"\n';

/**
 * The declared automations: one message for each person whom a camera sees for the first
 * time, unless Frigate knows the face.
 * @param knownFaces names of faces, as trained in Frigate, that are not announced
 */
export function homeAssistantAutomations(
  cameras: readonly Watched[],
  knownFaces: readonly string[],
): string {
  return stringify(
    cameras.map((watched) => ({
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
export function homeAssistantDashboard(cameras: readonly Watched[]): string {
  return stringify({
    title: "Cameras",
    views: [
      {
        title: "Cameras",
        cards: cameras.map(({ camera, title }) => ({
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
