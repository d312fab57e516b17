import type { Call } from "../explain/types";
import { subsetOf } from "../mesh/hosts";
import type { Mesh } from "../mesh/mesh";
import { once } from "../mesh/once";
import { Undecided } from "../mesh/unknown";
import type { Value } from "../mesh/value";

/** What a caller may ask for over HTTP. */
export type Request = Required<Pick<Call, "method" | "path">>;

/** Stand for all methods and paths that no policy names. */
export const OTHER_METHOD = "OTHER";
export const OTHER_PATH = "/any-other-path";
const PLAIN: Request = { method: "GET", path: "/" };
/** Requests that are asked of one host; more methods and paths than that are asked in part. */
const MOST_REQUESTS = 64;

/**
 * The requests to a host that policies may tell apart: a plain one, and, where AuthorizationPolicies name methods or paths
 * (Istio API, `Operation`), each of these and one that none names. `meshes` are both sides of a comparison.
 */
export function requestsTo(meshes: readonly Mesh[], host: string): Request[] {
  const operations = meshes.flatMap(operationsOf).filter((operation) => concerns(operation, host));
  const methods = new Set(operations.flatMap(({ methods }) => methods));
  const paths = new Set(operations.flatMap(({ paths }) => paths));
  if (methods.size > 0) for (const method of [PLAIN.method, OTHER_METHOD]) methods.add(method);
  if (paths.size > 0) for (const path of [PLAIN.path, OTHER_PATH]) paths.add(path);
  const all = [...(methods.size > 0 ? methods : [PLAIN.method])].flatMap((method) =>
    [...(paths.size > 0 ? paths : [PLAIN.path])].map((path) => ({ method, path })),
  );
  return all.slice(0, MOST_REQUESTS);
}

/** For messages: `GET /api/any`. */
export function requestText({ method, path }: Request): string {
  return `${method === OTHER_METHOD ? "other methods" : method} ${path === OTHER_PATH ? "(any other path)" : path}`;
}

interface Operation {
  /** Without ports; none stands for any. */
  hosts: string[];
  methods: string[];
  paths: string[];
}

/** Those that tell requests of one host apart. */
const operationsOf = once((mesh: Mesh): Operation[] =>
  mesh
    .objects("AuthorizationPolicy")
    .flatMap((policy) => list(() => policy.spec.at("rules").list()))
    .flatMap((rule) => list(() => rule.at("to").list()))
    .flatMap((to) => list(() => [operation(to.at("operation"))]))
    .filter(({ methods, paths }) => methods.length > 0 || paths.length > 0),
);

function operation(value: Value): Operation {
  const texts = (...keys: string[]) => keys.flatMap((key) => list(() => value.at(key).texts()));
  return {
    hosts: texts("hosts").map((host) => host.replace(/:(\*|\d+)$/, "")),
    methods: texts("methods", "notMethods").filter((method) => !method.includes("*")),
    paths: texts("paths", "notPaths").map(pathLike),
  };
}

/** A path that the pattern takes (Istio docs, "Authorization Policy": prefix, suffix and presence matches). */
function pathLike(pattern: string): string {
  return pattern === "*" ? "/" : pattern.replaceAll("*", "any").replace(/^any/, "/any");
}

function concerns({ hosts }: Operation, host: string): boolean {
  return hosts.length === 0 || hosts.some((each) => each === host || subsetOf(host, each));
}

function list<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof Undecided) return [];
    throw error;
  }
}
