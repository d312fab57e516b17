import type { HostIntent, Manifest, PortIntent } from "../../../graph";
import type { RuleCode } from "../../../graph/rules/catalogue";

/** One link of a good graph, broken. */
export interface Mutation {
  /** Which object, by kind and namespace. */
  kind: string;
  namespace: "routes" | "gateways" | "applications";
  /** Its name, where it is neither the flow's gateway's nor found by the flow's host. */
  name?: string;
  title: string;
  /** The object with the link broken; undefined takes it away. Works on a copy. */
  breakIt: (object: Draft) => Draft | undefined;
  /** The flows and objects that have such a link; default: all of the kind. */
  only?: (link: Link) => boolean;
  /** The rule that names the broken object, where the call goes on as before. */
  finding?: RuleCode;
  /** True where the call goes through the gateway, but to another port or address, or by other TLS than was meant. */
  elsewhere?: boolean;
  /** True where traffic really still flows through the gateway afterwards. */
  survives?: boolean;
  /** True where the objects alone cannot tell: what is missing may be somebody else's and not in the input. */
  unknown?: boolean;
}

/** What a mutation may ask before it breaks a link. */
export interface Link {
  host: HostIntent;
  port: PortIntent;
  object: Draft;
  dnsCapture: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: a mutation reaches into whatever the object holds.
export type Draft = any;

export function set(change: (spec: Draft, object: Draft) => void): (object: Draft) => Draft {
  return (object) => {
    change(object.spec, object);
    return object;
  };
}

export const gone = () => undefined;

/** A deep copy of the object with the link broken. */
export function broken(mutation: Mutation, object: Manifest, routes: string): Manifest | undefined {
  const draft = structuredClone(object) as Draft;
  Object.defineProperty(draft, "routes", { value: routes, enumerable: false, configurable: true });
  return mutation.breakIt(draft);
}
