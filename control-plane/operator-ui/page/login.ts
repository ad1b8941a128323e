// Lets somebody in who has the password.
import { asLine } from "../../contract/words.ts";
import type { Login, Role } from "../../contract/page-api.ts";
import { LoginLimits } from "./login-limits.ts";
import { roleOf, type Users } from "./users.ts";

/** A password takes 7 MiB while it is looked at, so one is looked at after the other. */
const MOST_WAITING = 8;
/** When that many wait. */
const BUSY_SECONDS = 5;

/** What came of a try. */
export type Tried =
  | { readonly role: Role }
  | { readonly waitSeconds: number }
  /** Name or password is wrong; nobody is told which. */
  | { readonly wrong: true };

/** The door. */
export class Door {
  readonly #users: () => Users;
  readonly #now: () => number;
  readonly #say: (text: string) => void;
  readonly #limits = new LoginLimits();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(users: () => Users, now: () => number, say: (text: string) => void) {
    this.#users = users;
    this.#now = now;
    this.#say = say;
  }

  /** Tries a login from the other end of a connection. */
  async try(login: Login, peer: string): Promise<Tried> {
    if (this.#waiting >= MOST_WAITING) return { waitSeconds: BUSY_SECONDS };
    this.#waiting += 1;
    const tried = this.#last.then(() => this.#tryNow(login, peer));
    this.#last = tried.catch(() => undefined);
    try {
      return await tried;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #tryNow(login: Login, peer: string): Promise<Tried> {
    const { user } = login;
    // Asked when it is this one's turn: those before may have failed.
    const waitSeconds = this.#limits.waitSeconds(peer, user, this.#now());
    if (waitSeconds > 0) return { waitSeconds };
    const role = await roleOf(this.#users(), login);
    if (role === undefined) {
      this.#limits.failed(peer, user, this.#now());
      // What is nobody's name may be a password in the wrong field.
      const name = this.#users().has(user) ? asLine(user) : "somebody unknown";
      this.#say(`${asLine(peer)} did not get in as ${name}`);
      return { wrong: true };
    }
    this.#limits.succeeded(peer, user);
    this.#say(`${asLine(user)} (${role}) logged in from ${asLine(peer)}`);
    return { role };
  }
}
