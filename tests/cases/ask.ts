import assert from "node:assert/strict";
import { load } from "js-yaml";
import { explain } from "../../graph/explain/explain";
import type { Call, Verdict, Workload } from "../../graph/explain/types";
import type { Manifest } from "../../graph/manifest";
import { buildMesh, type Mesh } from "../../graph/mesh/mesh";
import type { MeshOptions } from "../../graph/mesh/sourced";
import { UNKNOWN } from "../../graph/mesh/unknown";

const GROUPS: Record<string, string> = {
  ServiceEntry: "networking.istio.io/v1",
  VirtualService: "networking.istio.io/v1",
  DestinationRule: "networking.istio.io/v1",
  Gateway: "networking.istio.io/v1",
  Sidecar: "networking.istio.io/v1",
  WorkloadEntry: "networking.istio.io/v1",
  EnvoyFilter: "networking.istio.io/v1alpha3",
  AuthorizationPolicy: "security.istio.io/v1",
  PeerAuthentication: "security.istio.io/v1",
  NetworkPolicy: "networking.k8s.io/v1",
  Deployment: "apps/v1",
  Release: "helm.sh/v3",
  KubeGateway: "gateway.networking.k8s.io/v1",
  HTTPRoute: "gateway.networking.k8s.io/v1",
  TLSRoute: "gateway.networking.k8s.io/v1",
};

/**
 * Manifests, one a line: `Kind namespace/name @age +label=value ~annotation=value {spec}`. Age: seconds, more is younger; none: never
 * applied. A Namespace is `Namespace name +label=value`. `UNKNOWN` stands for a value not known yet. Lines may go on, indented.
 */
export function manifests(text: string): Manifest[] {
  const lines = text.split("\n").map((line) => line.replace(/(^| )# .*/, ""));
  const joined: string[] = [];
  for (const line of lines) {
    if (line.trim() === "") continue;
    if (/^\s/.test(line) && joined.length > 0) joined.push(`${joined.pop()} ${line.trim()}`);
    else joined.push(line);
  }
  return joined.map(manifest);
}

function manifest(line: string): Manifest {
  const brace = line.indexOf("{");
  const head = (brace < 0 ? line : line.slice(0, brace)).trim().split(/\s+/);
  const [word = "", path = ""] = head;
  const kind = word === "KubeGateway" ? "Gateway" : word;
  const [namespace, name] = path.includes("/") ? path.split("/") : [undefined, path];
  const marks = (sign: string): Record<string, string> =>
    Object.fromEntries(
      head.filter((h) => h.startsWith(sign)).map((h) => h.slice(1).split(/=(.*)/).slice(0, 2) as [string, string]),
    );
  const age = head.find((h) => h.startsWith("@"))?.slice(1);
  const creationTimestamp = age === undefined ? undefined : new Date(Number(age) * 1000).toISOString();
  const body = brace < 0 ? {} : (unknowns(load(line.slice(brace))) as Record<string, unknown>);
  const metadata = {
    name: name as string,
    namespace,
    labels: unknowns(marks("+")) as Record<string, string>,
    annotations: marks("~"),
    creationTimestamp,
  };
  return { apiVersion: GROUPS[word] ?? "v1", kind, metadata, spec: body };
}

function unknowns(value: unknown): unknown {
  if (value === "UNKNOWN") return UNKNOWN;
  if (Array.isArray(value)) return value.map(unknowns);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, unknowns(v)]));
}

export function meshOf(text: string, options: MeshOptions = {}): Mesh {
  return buildMesh(
    manifests(text).map((manifest, i) => ({ manifest, source: `case:${i + 1}` })),
    options,
  );
}

/** The injected application of most cases: `app/a`, labelled `app: a`, its own service account. */
export const A: Workload = { namespace: "app", name: "a", labels: { app: "a" }, serviceAccount: "a", injected: true };
export const B: Workload = { namespace: "app", name: "b", labels: { app: "b" }, serviceAccount: "b", injected: true };

/** `http://host[:port][/path]`, `https://…`, `tcp://host:port`; more by `rest`. */
export function call(url: string, rest: Partial<Call> = {}): Call {
  const found = /^(https?|tcp):\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url);
  assert.ok(found, `bad URL ${url}`);
  const [, scheme, host, port, path] = found;
  const protocol = scheme === "https" ? "tls" : (scheme as "http" | "tcp");
  const fallback = scheme === "https" ? 443 : 80;
  return { workload: A, protocol, host, port: port ? Number(port) : fallback, path, ...rest };
}

export interface Expected {
  verdict: Verdict["verdict"];
  gateway?: string;
  destination?: string;
  seen?: string | RegExp;
  how?: Verdict["how"];
  where?: Verdict["where"];
  /** "Kind namespace/name field" of a hop that decided. */
  by?: string;
  missing?: RegExp;
  /** Message of some hop. */
  says?: RegExp;
  /** Number of distinct outcomes. */
  outcomes?: number;
}

export function check(mesh: Mesh, asked: Call, expected: Expected): Verdict {
  const verdict = explain(mesh, asked);
  const told = `\n${JSON.stringify({ ...verdict, outcomes: verdict.outcomes.length }, null, 1)}`;
  assert.equal(verdict.verdict, expected.verdict, `verdict ${told}`);
  for (const key of ["gateway", "destination", "how", "where"] as const) {
    if (expected[key] !== undefined) assert.equal(verdict[key], expected[key], `${key} ${told}`);
  }
  if (expected.seen !== undefined) matches(verdict.seen, expected.seen, `seen ${told}`);
  if (expected.missing) assert.match(verdict.missing ?? "", expected.missing, `missing ${told}`);
  if (expected.says)
    assert.ok(
      verdict.path.some(({ message }) => expected.says?.test(message)),
      `message ${told}`,
    );
  if (expected.outcomes !== undefined) assert.equal(verdict.outcomes.length, expected.outcomes, `outcomes ${told}`);
  if (expected.by !== undefined) {
    const hops = verdict.path.map((hop) => `${hop.object ?? ""} ${hop.field ?? ""}`.trim());
    assert.ok(
      hops.some((hop) => hop.startsWith(expected.by as string)),
      `no hop decided by "${expected.by}" among ${JSON.stringify(hops)}${told}`,
    );
  }
  return verdict;
}

function matches(value: string, expected: string | RegExp, message: string): void {
  if (typeof expected === "string")
    assert.ok(value.includes(expected), `${value} does not hold ${expected}: ${message}`);
  else assert.match(value, expected, message);
}

/** A table of calls over one mesh: what is asked, and what must come out. */
export function table(
  title: string,
  text: string,
  rows: [name: string, asked: Call, expected: Expected][],
  options: MeshOptions = {},
): void {
  describe(title, () => {
    for (const [name, asked, expected] of rows) it(name, () => void check(meshOf(text, options), asked, expected));
  });
}
