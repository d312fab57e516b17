import type { SourcedManifest } from "../../graph/mesh/sourced";
import { UNKNOWN } from "../../graph/mesh/unknown";
import type { PlainResource } from "./plainResource";
import { ReadProblem } from "./problem";
import { manifestsOf } from "./resources";

/** How Pulumi writes a value that is not known yet, by kind of value (Pulumi SDK, `resource.UnknownStringValue` …). */
const UNKNOWN_VALUES = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
/** Key and values by which Pulumi marks secrets and outputs among properties (Pulumi SDK, `resource.SigKey`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

interface StateResource {
  urn: string;
  type?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** Being replaced: gone at the end of the next update. */
  delete?: boolean;
}

interface Step {
  op: string;
  urn: string;
  newState?: StateResource;
}

/**
 * The objects of a state (`pulumi stack export`) or of a preview (`pulumi preview --json`); undefined for any other
 * JSON. Encrypted values are not known, like values that a preview does not know yet.
 */
export function manifestsOfState(value: unknown, file: string): SourcedManifest[] | undefined {
  if (value === null || typeof value !== "object") return undefined;
  const { deployment, steps } = value as { deployment?: { resources?: StateResource[] }; steps?: Step[] };
  if (deployment !== undefined) return manifestsOf(stateResources(deployment.resources ?? [], file));
  if (Array.isArray(steps)) return manifestsOf(stateResources(planned(steps), file));
  return undefined;
}

/** What there will be when the preview's steps are done. */
function planned(steps: readonly Step[]): StateResource[] {
  const last = new Map<string, StateResource>();
  for (const { op, urn, newState } of steps) {
    if (newState !== undefined && !/^(delete|discard|remove)/.test(op)) last.set(urn, { ...newState, urn });
  }
  return [...last.values()];
}

function stateResources(resources: readonly StateResource[], file: string): PlainResource[] {
  return resources
    .filter((resource) => resource.delete !== true)
    .map((resource) => {
      if (typeof resource?.urn !== "string")
        throw new ReadProblem(`${file}: a resource has no urn. Write the state with "pulumi stack export".`);
      const type = resource.type ?? resource.urn.split("::")[2]?.split("$").at(-1) ?? "";
      const props = decode(resource.outputs ?? resource.inputs ?? {}) as Record<string, unknown>;
      return { type, urn: resource.urn, name: resource.urn.split("::").at(-1) ?? "", props };
    });
}

function decode(value: unknown): unknown {
  if (typeof value === "string") return UNKNOWN_VALUES.has(value) ? UNKNOWN : value;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(decode);
  const map = value as Record<string, unknown>;
  if (map[SIGNATURE] === SECRET) return secret(map);
  return Object.fromEntries(Object.entries(map).map(([key, each]) => [key, decode(each)]));
}

function secret({ plaintext, value }: Record<string, unknown>): unknown {
  if (value !== undefined) return decode(value);
  return typeof plaintext === "string" ? decode(JSON.parse(plaintext)) : UNKNOWN;
}
