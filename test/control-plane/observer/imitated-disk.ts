// A real folder whose disk can be full, or fail in other ways.
import { DISK, type Disk, type GrowingFile } from "../../../control-plane/observer/disk.ts";

/** What a disk says that has no room. */
function full(): Error {
  return Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
}

/** A disk that can be filled up and freed. */
export class ImitatedDisk implements Disk {
  /** Takes nothing more. */
  isFull = false;
  /** Of what is appended while it is full, so many bytes still go in. */
  room = 0;
  /** Cannot take away either what it took in part. */
  isStuck = false;
  /** Syncs that were asked for. */
  syncs = 0;

  async create(path: string): Promise<GrowingFile> {
    if (this.isFull) throw full();
    const file = await DISK.create(path);
    return {
      append: async (bytes) => {
        if (!this.isFull) return file.append(bytes);
        await file.append(bytes.subarray(0, this.room));
        throw full();
      },
      sync: async () => {
        this.syncs += 1;
        await file.sync();
      },
      cutTo: async (bytes) => {
        if (this.isStuck) throw full();
        await file.cutTo(bytes);
      },
      close: () => file.close(),
    };
  }

  async put(path: string, text: string, durable: boolean): Promise<void> {
    if (this.isFull) throw full();
    await DISK.put(path, text, durable);
  }

  async append(path: string, text: string): Promise<void> {
    if (this.isFull) throw full();
    await DISK.append(path, text);
  }

  read: Disk["read"] = (path) => DISK.read(path);
  list: Disk["list"] = (folder) => DISK.list(folder);
  sync: Disk["sync"] = (path) => DISK.sync(path);
  rename: Disk["rename"] = (path, to) => DISK.rename(path, to);
  remove: Disk["remove"] = (path) => DISK.remove(path);
  removeFolder: Disk["removeFolder"] = (path) => DISK.removeFolder(path);
}
