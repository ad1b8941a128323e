// What registries answered, kept in the checkout for some hours: who asks again so soon asks only
// for what is missing, and a registry that counts questions is not asked the same one twice.
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Project } from "../project.ts";
import { writeWhole } from "../whole-file.ts";

/** An answer counts as new for this long. */
export const KEPT_HOURS = 6;

const time = z.iso.datetime();

const keptSchema = z.object({
  version: z.literal(1),
  /** By image: the later tags beside it. */
  later: z.record(z.string(), z.object({ at: time, tags: z.array(z.string()) })),
  /** By image: the digest that its tag has. */
  digests: z.record(z.string(), z.object({ at: time, digest: z.string() })),
  /** By digest: when it was built, which never changes. */
  created: z.record(z.string(), time.nullable()),
});

type Kept = z.infer<typeof keptSchema>;

/** Where the answers are kept; git passes it over. */
export function keptAnswersPath(project: Project): string {
  return join(project.programFolder, ".homelab", "registry-answers.json");
}

/** What registries answered before. */
export class KeptAnswers {
  readonly #file: string;
  readonly #now: Date;
  readonly #kept: Kept;
  #saving: Promise<void> = Promise.resolve();

  private constructor(file: string, now: Date, kept: Kept) {
    this.#file = file;
    this.#now = now;
    this.#kept = kept;
  }

  /** Reads what is kept; a file that cannot be read is as good as none. */
  static async open(file: string, now: Date): Promise<KeptAnswers> {
    const nothing: Kept = { version: 1, later: {}, digests: {}, created: {} };
    try {
      const kept = keptSchema.safeParse(JSON.parse(await readFile(file, "utf8"))).data;
      return new KeptAnswers(file, now, kept ?? nothing);
    } catch {
      return new KeptAnswers(file, now, nothing);
    }
  }

  /** The later tags of an image, of whichever age. */
  later(image: string): { readonly at: string; readonly tags: readonly string[] } | undefined {
    return this.#kept.later[image];
  }

  /** The digest that the tag of an image had, of whichever age. */
  digest(image: string): { readonly at: string; readonly digest: string } | undefined {
    return this.#kept.digests[image];
  }

  /** When a digest was built; null where it does not say, undefined where nobody asked. */
  created(digest: string): string | null | undefined {
    return this.#kept.created[digest];
  }

  /** Whether an answer is young enough to stand for a new one. */
  isNew(at: string): boolean {
    const age = this.#now.getTime() - Date.parse(at);
    return age >= 0 && age < KEPT_HOURS * 3_600_000;
  }

  keepLater(image: string, tags: readonly string[]): void {
    this.#kept.later[image] = { at: this.#now.toISOString(), tags: [...tags] };
  }

  keepDigest(image: string, digest: string): void {
    this.#kept.digests[image] = { at: this.#now.toISOString(), digest };
  }

  keepCreated(digest: string, created: string | null): void {
    this.#kept.created[digest] = created;
  }

  /** Brings everything to disk, whole; not being able to costs the next run its questions alone. */
  async save(): Promise<void> {
    const write = async (): Promise<void> => {
      await mkdir(dirname(this.#file), { recursive: true });
      await writeWhole(this.#file, `${JSON.stringify(this.#kept)}\n`);
    };
    this.#saving = this.#saving.then(write).catch(() => undefined);
    await this.#saving;
  }
}
