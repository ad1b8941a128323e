import { describeCutOff } from "../../e2e/hosts/cut-off.ts";

// What a deployment says of a host that is away, test/e2e/hosts/cut-off.test.ts holds for the others.
describeCutOff("docker-vm");
