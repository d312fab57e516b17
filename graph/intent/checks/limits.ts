import type { AllowanceTerms, Destination, EgressConfig } from "../config";
import { portsOf } from "../defaults";
import { join, type Problem } from "../problem";
import { seesRequests } from "../protocols";
import { pathFault } from "./paths";

/** Methods and paths of allowances: such as the gateway can hold callers to. */
export function checkLimits(config: EgressConfig): Problem[] {
  return config.applications.flatMap(({ allow, terms = {} }, index) =>
    Object.entries(terms)
      .filter(([name]) => allow.includes(name))
      .flatMap(([name, each]) => limitProblems(config, join("applications", index, "terms", name), name, each)),
  );
}

function limitProblems(config: EgressConfig, path: string, name: string, terms: AllowanceTerms): Problem[] {
  const { methods, paths } = terms;
  const destination = Object.hasOwn(config.destinations, name) ? config.destinations[name] : undefined;
  return [
    ...(destination === undefined ? [] : unheld(config, destination, path, name, terms)),
    ...valueProblems(`${path}.methods`, methods, methodFault),
    ...valueProblems(`${path}.paths`, paths, pathFault),
  ];
}

/** A limit that no gateway would hold is refused: it would be lost in silence. */
function unheld(
  config: EgressConfig,
  destination: Destination,
  path: string,
  name: string,
  { methods, paths }: AllowanceTerms,
): Problem[] {
  const blind = portsOf(destination).find(({ protocol }) => protocol !== undefined && !seesRequests(protocol));
  return Object.entries({ methods, paths }).flatMap(([key, value]): Problem[] => {
    if (value === undefined) return [];
    const at = { path: `${path}.${key}`, value };
    if (config.guards?.authorization === false)
      return [
        {
          ...at,
          message: "would not be held, as guards.authorization is false",
          fix: "Remove it, or leave guards.authorization on",
        },
      ];
    if (blind === undefined) return [];
    return [
      {
        ...at,
        message: `cannot be held on port ${blind.number} (${blind.protocol}), where the gateway sees connections only`,
        fix: `Give destinations.${name} HTTP ports alone, e.g. ports: [{number: 80, originateTls: {}}], or remove it`,
      },
    ];
  });
}

type Fault = Pick<Problem, "message" | "fix">;

function valueProblems(
  path: string,
  values: readonly string[] | undefined,
  fault: (value: string) => Fault | undefined,
): Problem[] {
  return (values ?? []).flatMap((value, index) => {
    const found =
      values?.indexOf(value) === index ? fault(value) : { message: "is listed twice", fix: "Remove one of the two" };
    return found === undefined ? [] : [{ path: `${path}[${index}]`, value, ...found }];
  });
}

/** Methods are case-sensitive tokens (RFC 9110, 9.1); the gateway's policy would read `*` as a wildcard. */
function methodFault(method: string): Fault | undefined {
  if (method === "CONNECT")
    return { message: "opens a tunnel, which no egress gateway passes on", fix: "Remove it, or use a TCP port" };
  if (/^[A-Z][A-Z0-9_-]*$/.test(method)) return undefined;
  const upper = method.toUpperCase();
  return /^[A-Z][A-Z0-9_-]*$/.test(upper)
    ? { message: "has lower-case letters, and methods are told apart by them", fix: `Write "${upper}"` }
    : { message: "is no HTTP method", fix: "Write methods like GET, or leave methods out for any" };
}
