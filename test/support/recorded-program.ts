import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { withScripts } from "./handed-scripts.ts";
import { unwrap } from "./unwrap.ts";

/** One resource as the program registered it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  /**
   * Inputs with secrets replaced by their values, see `secretInputs`, and scripts in place of their
   * names, see `withScripts`.
   */
  readonly inputs: Record<string, unknown>;
  /** Inputs as Pulumi keeps them, with secrets replaced by their values. */
  readonly kept: Record<string, unknown>;
  /** Names of the inputs that were secret. */
  readonly secretInputs: readonly string[];
  readonly urn: string;
  readonly parent: string;
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly retainOnDelete: boolean;
  readonly protect: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly replaceOnChanges: readonly string[];
}

/** What the request of the mock monitor offers, as far as it is read here. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getRetainondelete(): boolean;
  getProtect(): boolean;
  getDeletebeforereplace(): boolean;
  getDependenciesList(): string[];
  getReplaceonchangesList(): string[];
}

/**
 * Runs a Pulumi program against mocks and answers everything it registered, with the options
 * that the mocks alone do not show. One program at a time: the runtime is a singleton.
 * @param answers outputs that only the provider knows, by type, or by type and name
 */
export async function recordProgram(
  stack: string,
  config: Readonly<Record<string, string>>,
  run: () => unknown,
  answers: Readonly<Record<string, object>> = {},
): Promise<RecordedResource[]> {
  const requests = new Map<string, RegisterRequest>();
  const recorded: RecordedResource[] = [];
  const prototype = MockMonitor.prototype as unknown as {
    registerResource(request: RegisterRequest, callback: unknown): unknown;
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const original = prototype.registerResource;
  prototype.registerResource = function (request: RegisterRequest, callback: unknown) {
    requests.set(`${request.getType()} ${request.getName()}`, request);
    return original.call(this, request, callback);
  };
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        const request = requests.get(`${args.type} ${args.name}`);
        const inputs = withScripts(args.inputs as Record<string, unknown>);
        recorded.push({
          type: args.type,
          name: args.name,
          inputs: unwrap(inputs) as Record<string, unknown>,
          kept: unwrap(args.inputs) as Record<string, unknown>,
          secretInputs: Object.keys(inputs).filter((key) => unwrap(inputs[key]) !== inputs[key]),
          urn: `urn:pulumi:${stack}::homelab::${args.type}::${args.name}`,
          parent: request?.getParent() ?? "",
          provider: request?.getProvider() ?? "",
          dependencies: request?.getDependenciesList() ?? [],
          retainOnDelete: request?.getRetainondelete() ?? false,
          protect: request?.getProtect() ?? false,
          deleteBeforeReplace: request?.getDeletebeforereplace() ?? false,
          replaceOnChanges: request?.getReplaceonchangesList() ?? [],
        });
        const outputs = { ...answers[args.type], ...answers[`${args.type} ${args.name}`] };
        return { id: `${args.name}-id`, state: { ...(args.inputs as object), ...outputs } };
      },
      call: (args) => {
        throw new Error(`the program called ${args.token}, which no test expects`);
      },
    },
    "homelab",
    stack,
  );
  pulumi.runtime.setAllConfig(config);
  // The SDK notes where each of its promises was made, which takes longer than all else.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await pulumi.runtime.runInPulumiStack(() => Promise.resolve(run()));
    // The program has ended; what waits for other resources is still being registered.
    await pulumi.runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    // The next program of this file wraps what it finds.
    prototype.registerResource = original;
  }
  return recorded;
}
