import { z } from "zod";
import { jsonIn } from "../../../model/json-in.ts";

/** What `docker info` says of the engine, as far as a deployment depends on it. */
export type DockerInfo =
  | { readonly kind: "podman" }
  | {
      readonly kind: "engine";
      /** Which other way of running Docker it is, if it is one. */
      readonly special: "snap" | "rootless" | "desktop" | "user namespaces" | undefined;
      /** Storage driver or snapshotter, e.g. "overlay2", "overlayfs". */
      readonly driver: string;
      /** Images are in containerd's store and not in the engine's own. */
      readonly containerdStore: boolean;
      /** Whether the kernel lets it limit a container's memory. */
      readonly memoryLimit: boolean;
      readonly hasProxy: boolean;
      readonly hasMirror: boolean;
    };

const schema = z.object({
  ServerVersion: z.string().min(1),
  OperatingSystem: z.string().default(""),
  Driver: z.string().default(""),
  DriverStatus: z.array(z.array(z.string())).nullish(),
  DockerRootDir: z.string().default(""),
  SecurityOptions: z.array(z.string()).nullish(),
  MemoryLimit: z.boolean().default(true),
  HttpProxy: z.string().default(""),
  HttpsProxy: z.string().default(""),
  RegistryConfig: z.object({ Mirrors: z.array(z.string()).nullish() }).nullish(),
});

/** Printed by podman's stand-in for the docker command (podman-docker). */
const PODMAN_SHIM = /Emulate Docker CLI using podman|podman/i;

/**
 * Reads `docker info --format '{{json .}}'`.
 * @returns undefined when no engine answered, which another row says
 */
export function parseDockerInfo(text: string): DockerInfo | undefined {
  const at = text.indexOf("{");
  const found: unknown = at < 0 ? undefined : jsonIn(text.slice(at));
  const parsed = schema.safeParse(found);
  if (!parsed.success) {
    return PODMAN_SHIM.test(text.slice(0, at < 0 ? undefined : at)) || isPodman(found)
      ? { kind: "podman" }
      : undefined;
  }
  const info = parsed.data;
  // The docker command on podman's socket.
  if (info.DockerRootDir.includes("/containers/storage")) return { kind: "podman" };
  return {
    kind: "engine",
    special: specialOf(info),
    driver: info.Driver,
    containerdStore: (info.DriverStatus ?? []).some(
      ([key, value]) => key === "driver-type" && value?.startsWith("io.containerd.snapshotter"),
    ),
    memoryLimit: info.MemoryLimit,
    hasProxy: info.HttpProxy !== "" || info.HttpsProxy !== "",
    hasMirror: (info.RegistryConfig?.Mirrors ?? []).length > 0,
  };
}

function specialOf(
  info: z.infer<typeof schema>,
): Extract<DockerInfo, { kind: "engine" }>["special"] {
  const security = (info.SecurityOptions ?? []).map((option) => option.split(",")[0]);
  if (info.OperatingSystem === "Docker Desktop") return "desktop";
  if (security.includes("name=rootless")) return "rootless";
  if (info.DockerRootDir.startsWith("/var/snap/")) return "snap";
  return security.includes("name=userns") ? "user namespaces" : undefined;
}

/** podman's own `info` has these two where the engine has neither. */
function isPodman(value: unknown): boolean {
  return z.object({ host: z.object({}), store: z.object({}) }).safeParse(value).success;
}
