// What fetches films and series.
import { answers } from "../answers.ts";
import type { RealProgram } from "../real-program.ts";

/** Programs of the media stack. */
export const MEDIA: readonly RealProgram[] = [
  {
    service: "docker-vm/qbittorrent",
    from: "Debian 13",
    image: { root: "debian", entry: {} },
    version: ["qbittorrent-nox", "--version"],
    question: "a login with the password of its log, and its version with it",
    ask: `password=$(docker logs "$name" 2>&1 | sed -n 's/.*temporary password.*: //p' | tail -n 1)
curl -fsS -c /tmp/jar -d "username=admin&password=$password" "http://$address:8081/api/v2/auth/login"
echo
curl -fsS -b /tmp/jar "http://$address:8081/api/v2/app/version"`,
    right: answers(/^Ok\.\nv5/m),
  },
];
