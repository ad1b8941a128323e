import type { ProbeDeclaration } from "./declared-uses.ts";
import type { SecretName } from "./secrets.ts";
import type { Signer } from "./signers.ts";
import type { Duration } from "./units.ts";

/** To whom a host says what it sees. */
export interface ReportingDeclaration {
  /** Address without a path, e.g. "http://100.64.0.1:8081". */
  readonly url: string;
  /** Secret that is the host's token there. */
  readonly token: SecretName;
  /** Who is told when the host at that address is away. @default nobody */
  readonly whenAway?: {
    /** The host that is watched. */
    readonly watched: string;
    /** Where it is told, by a message in JSON; holds no secret. */
    readonly webhook: string;
    /** After so many seconds without a sign of life. */
    readonly afterSeconds: number;
  };
  /** The proxy here whose certificates the host looks at. @default none */
  readonly proxy?: {
    /** Where it listens, as this host reaches it, e.g. "127.0.0.1". */
    readonly address: string;
    readonly port: number;
    /** Full names of the sites that it serves. */
    readonly names: readonly string[];
  };
}

/** A condition outside the containers that services wait for. */
export type GateDeclaration = {
  /** Unique on the host, e.g. "nas-media". */
  readonly name: string;
  /** What a person does when it stays closed. */
  readonly remedy: string;
  /** Longest wait at boot. @default "300s" for mounts, "60s" otherwise */
  readonly limit?: Duration;
} & GateCondition;

/** What a gate looks at. */
export type GateCondition =
  | {
      readonly kind: "mount";
      /** Mount point on the host, e.g. "/mnt/nas/media". */
      readonly path: string;
      /** What must be mounted there, e.g. "192.168.0.12:/srv/media". */
      readonly source: string;
      readonly writable: boolean;
      /** "uid:gid" of who writes there, as whom the gate tries. @default root */
      readonly writer?: string;
    }
  /** A folder of the host that was made for this homelab, on whichever disk it lies. */
  | { readonly kind: "folder"; readonly path: string }
  | {
      readonly kind: "mesh";
      /** The host's own address in the mesh. */
      readonly address: string;
      /** Another member that has to answer. @default none */
      readonly peer?: string;
    }
  | { readonly kind: "dns"; readonly server: string; readonly query: string }
  | { readonly kind: "disk"; readonly path: string; readonly freePercent: number }
  | { readonly kind: "clock"; readonly maxOffset: Duration }
  | { readonly kind: "device"; readonly path: string };

/** A program that a host needs besides the engine, and that a fresh system may lack. */
export interface NeededProgram {
  /** Absolute path, e.g. "/usr/sbin/exportfs". */
  readonly path: string;
  /** Debian package that brings it. */
  readonly package: string;
  /** What does not work without it. */
  readonly why: string;
}

/** From whom a host fetches what a person approved, with the token by which it reports. */
export interface ActingDeclaration {
  /** Address and port, e.g. "http://100.64.0.1:8082". */
  readonly url: string;
  /** Whose signatures count there. */
  readonly signers: readonly Signer[];
}

/** A machine that is rented from a provider of such. */
export interface MachineDeclaration {
  /** Name at the provider, and of its firewall; unique there. */
  readonly name: string;
  /** Size, as the provider calls it. */
  readonly serverType: string;
  /** Where it stands, as the provider calls it. */
  readonly location: string;
  /** Name that both of its addresses lead back to. */
  readonly dnsName: string;
  /** Ports that its firewall opens to the internet. */
  readonly openPorts: readonly OpenPort[];
  /** Who may log in: name to public key. */
  readonly sshKeys: Readonly<Record<string, string>>;
  /** Person who logs in beside root. */
  readonly loginUser: string;
  /** Image that the client of the mesh is taken from, written as a service's image is. */
  readonly meshClient: string;
  /** Name of the mesh's coordinator, if it runs on this very machine. @default it does not */
  readonly coordinator?: string;
}

/** A port that the internet reaches. */
export interface OpenPort {
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  /** Who listens there, for the firewall's description. */
  readonly service: string;
}

/**
 * Something that has an installer and containers of its own. It is started and watched, and never
 * rewritten.
 */
export interface ExternalUnitDeclaration {
  /** Unique on the host, e.g. "coolify". */
  readonly name: string;
  /** Folder of its own files; when it is missing, the unit is not installed, which is no error. */
  readonly folder: string;
  /** Starts it, run in `folder`; safe to run when it runs already. */
  readonly start: readonly string[];
  /** Healthy when this exits 0, run on the host. */
  readonly health: readonly string[];
  /** Networks of the host that it joins. */
  readonly networks: readonly string[];
  /** Names below the site's domain that lead to it, and that it serves by itself. @default none */
  readonly sites?: readonly string[];
  /** Files of ours that it reads: path on the host to text. @default none */
  readonly files?: Readonly<Record<string, string>>;
  /** Services of the host that are of little use without it, and why. They start regardless. */
  readonly usedBy: Readonly<Record<string, string>>;
  /** What the uptime monitor asks. @default none */
  readonly probes?: readonly ProbeDeclaration[];
}
