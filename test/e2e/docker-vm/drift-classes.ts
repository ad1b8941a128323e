// Every class of what may differ, each on a thing of its own, so that what is seen of one is seen of
// no other. docs/drift.md has them as a table.
import { BOOT_UNIT } from "../../../model/boot.ts";
import {
  BOOT_RECORD,
  conditionRecord,
  desiredPlan,
  filesRecord,
  gateRecord,
  meshRecord,
  UNITS,
} from "../../../model/paths.ts";
import { HOST, made, type DriftClass } from "./drift-class.ts";
import { ELSEWHERE, TRIED_ELSEWHERE } from "./drift-elsewhere.ts";
import { FIELDS, fieldRows, fieldsInPreview, withOtherFields } from "./drift-fields.ts";

const PLAN = desiredPlan(HOST);
const DROP_IN = `${UNITS}/${BOOT_UNIT}.d`;
const LEFT_ALONE = "It was made anew for just that before, and is left alone now.";

/** Another limit, which an engine takes without making the container anew. */
const OTHER_MEMORY = "docker update --memory 200m --memory-swap 200m cadvisor";
const MEMORY_ROW = "container cadvisor changed: memory 128 MiB -> 200 MiB";
const MEMORY_IN_PREVIEW = "memory is 200 MiB, declared 128 MiB";

/** What hands did to the host at first. */
export const BY_HAND: readonly DriftClass[] = [
  {
    what: "a container that is gone",
    seenBy: "both",
    make: "docker rm --force dozzle",
    rows: ["container dozzle missing: container running -> -"],
    changes: made("dozzle"),
    says: [`the container "dozzle" on ${HOST} is not as it was deployed: it is gone`],
  },
  {
    what: "a volume that is gone",
    seenBy: "both",
    // After its container.
    make: "docker volume rm dozzle-data",
    rows: ["volume dozzle-data missing: volume there -> -"],
    changes: [],
    says: [`volumes that are gone on ${HOST}: dozzle-data`],
  },
  {
    what: "a network that is gone",
    seenBy: "both",
    make: "docker rm --force watchtower; docker network rm maintenance-net",
    rows: [
      "container watchtower missing: container running -> -",
      "network maintenance-net missing: network there -> -",
    ],
    changes: ["maintenance-net-network", ...made("watchtower")],
    says: [`the network "maintenance-net" on ${HOST} is not as it was deployed: it is gone`],
  },
  {
    what: "a container that was stopped",
    seenBy: "both",
    make: "docker stop --time 1 homepage",
    rows: ["container homepage stopped: state running -> exited with *"],
    changes: made("homepage"),
    says: ["it does not run (exited)"],
  },
  {
    what: "a limit that was changed on a running container",
    seenBy: "both",
    make: OTHER_MEMORY,
    rows: [MEMORY_ROW],
    changes: made("cadvisor"),
    says: [MEMORY_IN_PREVIEW],
  },
  {
    what: `anything else that is declared of a container: ${FIELDS.map(({ what }) => what).join(", ")}`,
    seenBy: "both",
    // As if the engine had made just this container: else all that is seen is that it is another.
    make: withOtherFields("bentopdf", gateRecord("bentopdf")),
    rows: fieldRows("bentopdf"),
    changes: made("bentopdf"),
    says: fieldsInPreview(),
  },
  {
    what: "a service's file that was changed",
    seenBy: "both",
    make: "echo '# by hand' >> /opt/homelab/files/caddy/etc_caddy_Caddyfile",
    rows: ["files caddy changed: content as written -> changed by hand, or gone"],
    changes: ["caddy-files", ...made("caddy")],
  },
  {
    what: "the record of what was written",
    seenBy: "both",
    make: `rm ${filesRecord("grafana")}`,
    rows: ["files grafana missing: content as written -> -"],
    changes: ["grafana-files", ...made("grafana")],
  },
  {
    what: "a host plan that is gone",
    seenBy: "both",
    make: `rm ${PLAN}`,
    rows: [`plan ${HOST} missing: content * -> -`],
    changes: ["host-plan"],
  },
  {
    what: "a unit that was disabled",
    seenBy: "both",
    make: `systemctl --quiet disable ${BOOT_UNIT}`,
    rows: [`unit ${BOOT_RECORD} changed: content as written -> changed by hand, or gone`],
    changes: [BOOT_RECORD],
  },
  {
    what: "a container that runs and whose check does not pass",
    seenBy: "drift",
    make: `docker stop --time 1 radarr
install -m 755 /bin/false /run/by-hand
docker cp --quiet /run/by-hand radarr:/usr/bin/curl
rm /run/by-hand
docker start radarr`,
    rows: ["container radarr unhealthy: state healthy -> *"],
    changes: [],
  },
  {
    what: "a container, network or volume that nobody declared",
    seenBy: "drift",
    make: `docker create --name by-hand "$(docker inspect --format '{{.Image}}' cadvisor)"
docker network create by-hand
docker volume create by-hand`,
    rows: [
      "container by-hand extra: container - -> made by hand",
      "network by-hand extra: network - -> not declared",
      "volume by-hand extra: volume - -> not declared; its data is kept",
    ],
    changes: [],
  },
];

/** What `up` neither sees nor takes away of the first, and what Pulumi never knew. */
export const TAKEN_BACK = `docker rm --force radarr by-hand bentopdf
docker network rm by-hand
docker volume rm by-hand`;

/** What hands did to it after it was mended. */
export const BY_HAND_AGAIN: readonly DriftClass[] = [
  {
    what: "a container that somebody made under its name",
    seenBy: "both",
    make: `image=$(docker inspect --format '{{.Config.Image}}' dozzle)
docker rm --force dozzle
docker run --detach --name dozzle "$image"`,
    rows: ["container dozzle replaced: id * -> *"],
    changes: made("dozzle"),
    says: [
      `the container "dozzle" on ${HOST} is not the one deployed here`,
      `npx homelab adopt ${HOST} dozzle`,
    ],
  },
  {
    what: "a container that was made again from ours, labels and all, of another image or with a device",
    seenBy: "both",
    make: `docker commit --pause=false bentopdf by-hand
docker rm --force bentopdf
docker run --detach --name bentopdf --network caddy-net --publish 127.0.0.1:8580:8080 \\
  --mount type=bind,source=/run/homelab/boot-permit,target=/run/homelab/boot-permit,readonly \\
  --device /dev/null:/dev/by-hand --memory 128m --memory-swap 128m --cpus 0.25 --cap-drop ALL \\
  --security-opt no-new-privileges:true --restart on-failure --stop-timeout 30 \\
  --log-opt max-size=5m --log-opt max-file=3 by-hand
until docker ps --filter name=bentopdf --filter health=healthy --quiet | grep -q .; do sleep 1; done`,
    rows: [
      "container bentopdf changed: healthGate passed -> never waited for",
      "container bentopdf changed: image ghcr.io/alam00000/bentopdf:v2.5.0@* -> by-hand",
      "container bentopdf changed: devices - -> /dev/null at /dev/by-hand (rwm)",
    ],
    changes: made("bentopdf"),
    says: ["with our labels: bentopdf"],
  },
  {
    what: "a container that was paused",
    seenBy: "both",
    make: "docker pause homepage",
    rows: ["container homepage stopped: state running -> paused"],
    changes: made("homepage"),
    says: ["it does not run (paused)"],
  },
  {
    what: "a host plan that was changed",
    seenBy: "both",
    make: `sed -i 's/"phase":4/"phase":5/' ${PLAN}`,
    rows: [`plan ${HOST} changed: content as written -> changed by hand`],
    changes: ["host-plan"],
  },
  {
    what: "a unit that was changed",
    seenBy: "both",
    make: `mkdir ${DROP_IN}
echo '[Unit]' > ${DROP_IN}/by-hand.conf
systemctl daemon-reload`,
    rows: [`unit ${BOOT_RECORD} changed: content as written -> changed by hand, or gone`],
    changes: [BOOT_RECORD],
  },
  {
    what: "a gate that is not as the last deployment left it",
    seenBy: "both",
    make: `sed -i 's/ open$/ closed/' ${conditionRecord("dri")}`,
    rows: ["gate dri changed: condition closed, as it was left -> open"],
    changes: ["gate-dri"],
  },
  {
    what: "the host's membership in the mesh",
    seenBy: "both",
    make: `sed -i 's| .*| https://elsewhere.example|' ${meshRecord()}`,
    rows: [`mesh ${HOST} changed: membership member -> not enrolled, or elsewhere`],
    changes: ["mesh-enrolment"],
  },
  {
    what: "a network's driver and addresses, and whether it leads outside",
    seenBy: "drift",
    // With its labels: without them it is another network to both.
    make: `label=$(docker network inspect --format '{{index .Labels "homelab.anew"}}' maintenance-net)
docker network disconnect maintenance-net watchtower
docker network rm maintenance-net
docker network create --internal --label homelab.anew="$label" maintenance-net
docker network connect maintenance-net watchtower`,
    rows: ["network maintenance-net changed: internal no -> yes"],
    changes: [],
  },
  {
    what: "a difference for which the container was made anew before, in vain; `preview` says so",
    seenBy: "drift",
    make: OTHER_MEMORY,
    rows: [MEMORY_ROW],
    changes: [],
    says: [MEMORY_IN_PREVIEW, LEFT_ALONE],
  },
];

/**
 * Before `up`, which then makes anew what it would leave as it is. Of what it makes because it was
 * gone, it does not say at the next run of these tests that it was in vain.
 */
export const TAKEN_BACK_AGAIN = `docker rm --force watchtower
docker network rm maintenance-net
docker rm --force bentopdf cadvisor
docker rmi --force by-hand`;

const ALL = [...BY_HAND, ...BY_HAND_AGAIN, ...ELSEWHERE, ...TRIED_ELSEWHERE];

/** All of them, in the order of the table. */
export const CLASSES: readonly DriftClass[] = (["both", "drift", "preview"] as const).flatMap(
  (by) => ALL.filter(({ seenBy }) => seenBy === by),
);
