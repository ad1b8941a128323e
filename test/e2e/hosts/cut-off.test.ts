import { describeCutOff } from "./cut-off.ts";

// The one that everybody relies on, and the one whose folders another has mounted. The Docker VM, on
// which nobody relies, is cut off by `make soak` (test/soak/hosts/cut-off.test.ts).
describeCutOff("vps");
describeCutOff("nas");
