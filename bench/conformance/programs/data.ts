// Databases, queues and the broker.
import { textFile } from "../../../sandbox/images/path-entry.ts";
import { IMAGES } from "../../../sandbox/images/manifest.ts";
import { answers } from "../answers.ts";
import type { RealImage, RealProgram } from "../real-program.ts";

const DEBIAN: RealImage = { root: "debian", entry: {} };

/** The image's own settings (its postgresql.ssd.conf) without the extension that Debian lacks. */
const IMMICH_SETTINGS = `listen_addresses = '*'
max_wal_size = 5GB
shared_buffers = 512MB
wal_compression = on
work_mem = 16MB
autovacuum_vacuum_scale_factor = 0.1
autovacuum_analyze_scale_factor = 0.05
autovacuum_vacuum_cost_limit = 1000
effective_io_concurrency = 200
random_page_cost = 1.2
`;

const SETTINGS_FILE = "/etc/postgresql/postgresql.conf";

function withImmichSettings(): RealImage {
  const paths = IMAGES.find(({ reference }) =>
    reference.startsWith("ghcr.io/immich-app/postgres:"),
  )?.paths;
  const others = (paths ?? []).filter(({ path }) => path !== SETTINGS_FILE);
  return {
    root: "debian",
    entry: { paths: [...others, textFile(SETTINGS_FILE, IMMICH_SETTINGS)] },
  };
}

/** Rows of the table that is read whole: some 400 MB, four fifths of the shared buffers. */
const ROWS = 400_000;

/** Programs that keep data for others. */
export const DATA: readonly RealProgram[] = [
  {
    service: "docker-vm/paperless-db",
    from: "Debian 13",
    image: DEBIAN,
    version: ["postgres", "--version"],
    question: "makes a table as the declared role, and counts 100,000 rows of it",
    ask: `in_it psql -qAt -v ON_ERROR_STOP=1 -U paperless -d paperless <<'SQL'
drop table if exists conformance;
create table conformance as select n, md5(n::text) as text from generate_series(1, 100000) n;
select count(distinct text) from conformance;
SQL`,
    right: answers(/^100000$/m),
  },
  {
    service: "docker-vm/immich-db",
    from: "Debian 13, with the image's settings but for its vector extension",
    image: withImmichSettings(),
    version: ["postgres", "--version"],
    question: `reads ${ROWS.toLocaleString("en")} rows of 1 kB whole, sorts them and joins them with themselves, in parallel`,
    ask: `in_it psql -qAt -v ON_ERROR_STOP=1 -U immich -d immich <<'SQL'
drop table if exists conformance;
create table conformance as
  select n, repeat(md5(n::text), 30) as text from generate_series(1, ${ROWS}) n;
analyze conformance;
set min_parallel_table_scan_size = 0;
set parallel_setup_cost = 0;
select count(*) from (select text from conformance order by text desc offset 1) sorted;
select count(*) from conformance a join conformance b on a.text = b.text;
SQL`,
    right: answers(new RegExp(`^${ROWS - 1}\n${ROWS}$`, "m")),
    withinSeconds: 300,
  },
  {
    service: "docker-vm/paperless-redis",
    from: "Debian 12",
    version: ["redis-server", "--version"],
    question: "keeps a value",
    ask: `in_it redis-cli set conformance kept > /dev/null
in_it redis-cli get conformance`,
    right: answers(/^kept$/m),
  },
  {
    service: "docker-vm/immich-valkey",
    from: "Debian 13",
    image: DEBIAN,
    version: ["valkey-server", "--version"],
    question: "keeps a value",
    ask: `in_it valkey-cli set conformance kept > /dev/null
in_it valkey-cli get conformance`,
    right: answers(/^kept$/m),
  },
  {
    service: "docker-vm/mosquitto",
    from: "Debian 13",
    image: DEBIAN,
    version: [
      ...["mosquitto_sub", "-h", "127.0.0.1", "-t", "$SYS/broker/version", "-C", "1", "-W", "3"],
    ],
    question: "gives a message to who subscribed with a declared login, and refuses who has none",
    ask: `in_it sh -c 'mosquitto_pub $(cat /run/health/mosquitto_sub) -h 127.0.0.1 -t conformance -r -m heard'
in_it mosquitto_sub -h 127.0.0.1 -t conformance -C 1 -W 5
in_it env XDG_CONFIG_HOME=/nowhere mosquitto_sub -h 127.0.0.1 -t conformance -C 1 -W 5 2>&1`,
    right: answers(/^heard\n.*not authori[sz]ed/im),
  },
];
