import { io, type Socket } from "socket.io-client";
import type { UptimeSettings } from "./settings.ts";
import type { Fields, Listed } from "./differences.ts";

/** Longest wait for the connection and for each answer, in milliseconds. */
const PATIENCE = 20_000;

/** Uptime Kuma does not answer, so nothing can be said about its monitors. */
export class NotReachable extends Error {}

/** Uptime Kuma answered with a refusal. */
export class Refused extends Error {}

interface Answer {
  readonly ok?: boolean;
  readonly msg?: string;
  readonly tokenRequired?: boolean;
  readonly id?: number;
  readonly monitorID?: number;
}

/**
 * A signed-in connection to Uptime Kuma. It has no other interface than the one its page uses:
 * Socket.IO events that are acknowledged, after lists were sent as events of their own.
 */
export class Connection {
  readonly #socket: Socket;
  #monitors: readonly Listed[] = [];
  #notices: readonly Listed[] | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("monitorList", (list: Readonly<Record<string, Listed>>) => {
      this.#monitors = Object.values(list);
    });
    socket.on("notificationList", (list: readonly Listed[]) => {
      this.#notices = list;
    });
  }

  /** Connects. @throws NotReachable */
  static async open(url: string): Promise<Connection> {
    const socket = io(url, { transports: ["websocket"], reconnection: false, timeout: PATIENCE });
    const connection = new Connection(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("connect_error", (error) => {
        socket.close();
        reject(new NotReachable(`${url} does not answer: ${error.message}`));
      });
    });
    return connection;
  }

  /** Whether it is new and has no user yet. */
  async needsSetup(): Promise<boolean> {
    return (await this.#acknowledged("needSetup", [])) === true;
  }

  /** Makes the first user. @throws Refused when there is one */
  async setUp({ user, password }: Pick<UptimeSettings, "user" | "password">): Promise<void> {
    await this.#call("setup", user, password);
  }

  /**
   * Signs in. Where the secret was rotated, gives the user the new password with the old one.
   * @param previous the password that worked last
   * @throws Refused
   */
  async signIn(
    { user, password }: Pick<UptimeSettings, "user" | "password">,
    previous: string | undefined,
  ): Promise<void> {
    const login = (secret: string) =>
      this.#ask("login", { username: user, password: secret, token: "" });
    const answer = await login(password);
    if (answer.ok === true) return;
    if (answer.tokenRequired === true) {
      throw new Refused(
        `it asks "${user}" for a second factor, which no program has; turn it off for this user`,
      );
    }
    const wrong = /incorrect/i.test(answer.msg ?? "");
    if (wrong && previous !== undefined && (await login(previous)).ok === true) {
      await this.#call("changePassword", { currentPassword: previous, newPassword: password });
      return;
    }
    throw new Refused(
      wrong
        ? `it refuses "${user}" with the password of homelab:uptime-kuma-password. Put the password in use into the stack's config, or set that of the config with: docker exec -it uptime-kuma npm run reset-password`
        : `it lets nobody sign in: ${answer.msg ?? "no reason given"}`,
    );
  }

  /** All monitors, a person's too. */
  async monitors(): Promise<readonly Listed[]> {
    await this.#call("getMonitorList");
    return this.#monitors;
  }

  /** All notifications. They come once after the sign-in and after each change. */
  async notices(): Promise<readonly Listed[]> {
    for (let waited = 0; this.#notices === undefined; waited += 50) {
      if (waited >= PATIENCE) throw new NotReachable("it did not list its notifications");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return this.#notices;
  }

  async addMonitor(fields: Fields): Promise<void> {
    await this.#call("add", fields);
  }

  /** Changes the given fields and leaves the others as they are. */
  async editMonitor(listed: Listed, fields: Fields): Promise<void> {
    await this.#call("editMonitor", { ...listed, ...fields });
    await this.#call("resumeMonitor", listed.id);
  }

  async removeMonitor({ id }: Listed): Promise<void> {
    await this.#call("deleteMonitor", id);
  }

  /** Adds a notification, or changes the one with the id. */
  async saveNotice(fields: Fields, id: number | null): Promise<void> {
    await this.#call("addNotification", fields, id);
  }

  async removeNotice({ id }: Listed): Promise<void> {
    await this.#call("deleteNotification", id);
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(event: string, ...args: unknown[]): Promise<Answer> {
    const answer = await this.#acknowledged(event, args);
    return typeof answer === "object" && answer !== null ? answer : {};
  }

  async #call(event: string, ...args: unknown[]): Promise<void> {
    const answer = await this.#ask(event, ...args);
    if (answer.ok !== true) {
      throw new Refused(`it refuses "${event}": ${answer.msg ?? "no reason given"}`);
    }
  }

  async #acknowledged(event: string, args: unknown[]): Promise<unknown> {
    try {
      return (await this.#socket.timeout(PATIENCE).emitWithAck(event, ...args)) as unknown;
    } catch {
      throw new NotReachable(`it did not answer "${event}" within ${PATIENCE / 1000} s`);
    }
  }
}
