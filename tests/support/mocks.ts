import * as pulumi from "@pulumi/pulumi";

/** One registration, as the engine would see it. */
export interface Registration {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  parent: string;
  /** Names of the resources that it depends on. */
  dependsOn: string[];
  provider: string;
}

/** What a program registered, and what it threw. */
export interface Recorded {
  resources: Registration[];
  error: unknown;
}

const NAME_OF_URN = /::([^:]+)$/;

/**
 * Runs a program under Pulumi's mocks and records every registration with its options, which mocks alone do not show.
 * In a preview nothing that the provider would compute is known.
 */
export async function record(
  program: () => unknown,
  options: { preview?: boolean; config?: Record<string, string> } = {},
): Promise<Recorded> {
  const resources: Registration[] = [];
  const preview = options.preview ?? false;
  await pulumi.runtime.setMocks(
    { newResource: (args) => mockResource(args, preview), call: ({ inputs }) => inputs },
    "controlled-egress",
    "dev",
    preview,
  );
  pulumi.runtime.setAllConfig(options.config ?? {});
  watch(pulumi.runtime.getMonitor(), resources);
  let error: unknown;
  try {
    program();
  } catch (thrown) {
    error = thrown;
  }
  await pulumi.runtime.disconnect();
  return { resources, error };
}

function mockResource({ name, inputs, type }: pulumi.runtime.MockResourceArgs, preview: boolean) {
  const state = { ...inputs, metadata: { name, ...inputs.metadata } };
  if (type !== "kubernetes:helm.sh/v3:Release") return { id: preview ? undefined : `${name}-id`, state };
  return {
    id: preview ? undefined : `${name}-id`,
    state: preview ? state : { ...state, status: { status: "deployed" } },
  };
}

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: the monitor's own type names none of its methods.
function watch(monitor: any, resources: Registration[]): void {
  const forward = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: Request, done: unknown) => {
    resources.push({
      type: request.getType(),
      name: request.getName(),
      inputs: request.getObject()?.toJavaScript() ?? {},
      parent: nameOf(request.getParent()),
      dependsOn: request.getDependenciesList().map(nameOf).sort(),
      provider: request.getProvider(),
    });
    return forward(request, done);
  };
}

function nameOf(urn: string): string {
  return NAME_OF_URN.exec(urn)?.[1] ?? urn;
}
