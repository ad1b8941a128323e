import type { Site } from "../../model/site.ts";
import { SOCKPUPPETBROWSER_0_0_IMAGE, CHANGEDETECTION_0_50_IMAGE } from "./scraping.image.ts";
import { app } from "../../model/app.ts";

const PORT = 5000;
const NETWORK = "scraping-net";

/** changedetection.io, which watches pages for changes, and the browser it opens them with. */
export function scraping(site: Site) {
  return app({
    type: "homelab:scraping:Scraping",
    exposes: {
      /** The browser, driven over WebSocket. */
      browser: "playwright",
      /** Watches pages; healthy once its own page answers. */
      watcher: "changedetection",
    },
    images: [SOCKPUPPETBROWSER_0_0_IMAGE, CHANGEDETECTION_0_50_IMAGE],
    networks: [{ name: NETWORK }],
    services: [
      {
        name: "playwright",
        stack: "scraping",
        image: SOCKPUPPETBROWSER_0_0_IMAGE.reference,
        env: {
          TZ: site.timezone,
          SCREEN_WIDTH: "1920",
          SCREEN_HEIGHT: "1080",
          SCREEN_DEPTH: "24",
          MAX_CONCURRENT_CHROME_PROCESSES: "2",
        },
        networks: [{ name: NETWORK }],
        // Port 3000 speaks WebSocket and answers a plain request with an error; its status page
        // is on 8080.
        health: {
          test: [
            "CMD-SHELL",
            "wget -q -O /dev/null http://127.0.0.1:8080/stats && nc -z 127.0.0.1 3000",
          ],
        },
        limits: { memory: "512MiB", cpus: 1 },
        category: "scraping",
      },
      {
        name: "changedetection",
        stack: "scraping",
        image: CHANGEDETECTION_0_50_IMAGE.reference,
        env: {
          TZ: site.timezone,
          BASE_URL: `https://watch.${site.domain}`,
          PLAYWRIGHT_DRIVER_URL: "ws://playwright:3000",
        },
        networks: [{ name: NETWORK }],
        ports: [{ bind: "127.0.0.1", host: PORT, container: PORT, protocol: "tcp" }],
        mounts: [{ kind: "volume", volume: "changedetection-data", target: "/datastore" }],
        // The image has neither curl nor wget.
        health: {
          test: [
            "CMD",
            "python",
            "-c",
            `import urllib.request; urllib.request.urlopen("http://127.0.0.1:${PORT}/", timeout=5)`,
          ],
          startPeriod: "60s",
        },
        limits: { memory: "512MiB", cpus: 0.5 },
        requires: [
          {
            on: "playwright",
            condition: "started",
            strength: "hard",
            why: "opens pages that need a browser",
          },
        ],
        category: "scraping",
      },
    ],
    volumes: [{ name: "changedetection-data", copied: { at: "/data/changedetection" } }],
  });
}
