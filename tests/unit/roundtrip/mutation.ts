import type { Manifest } from "../../../graph";

/** One link of a good graph, broken. */
export interface Mutation {
  /** Which object, by kind and namespace. */
  kind: string;
  namespace: "routes" | "gateways" | "applications";
  title: string;
  /** The object with the link broken; undefined takes it away. Works on a copy. */
  breakIt: (object: Draft) => Draft | undefined;
  /** True where traffic really still flows through the gateway afterwards. */
  survives?: boolean;
  /** True where the objects alone cannot tell: what is missing may be somebody else's and not in the input. */
  unknown?: boolean;
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
