/** Who may reach what, by which gateway: the model that every drawing and table of the map shows. */
import type { VerdictKind, Workload } from "../explain/types";
import type { Flow } from "../intent/flows";
import type { Mesh } from "../mesh/mesh";
import { type Application, accountsOf, applicationsOf, unknownInputs } from "./applications";
import { classesOf } from "./classes";
import { externalTargets, type HostPort, seenTargets } from "./reach";
import { requestsTo, requestText } from "./requests";
import { ANYTHING_ELSE, type Way, wayOf } from "./way";

export interface EgressMap {
  /** Those that reach something, and all others that the input names. Sorted, as every list here. */
  applications: MapApplication[];
  gateways: MapGateway[];
  destinations: MapDestination[];
  edges: MapEdge[];
  /** Inputs not known yet that may hide more applications or hosts: "Kind namespace/name: field". */
  unknownInputs: string[];
  /** Calls that were seen and denied, and that no edge allows; present, if empty, on every map with traffic. */
  denied?: DeniedCall[];
  /** The time of the traffic on this map; absent where none was seen. */
  observed?: { first: string; last: string };
}

export interface MapApplication {
  /** "namespace/name"; name "*" is any other pod of the namespace. */
  id: string;
  namespace: string;
  name: string;
}

export interface MapGateway {
  /** "namespace/service". */
  id: string;
  namespace: string;
  name: string;
}

export interface MapDestination {
  /** "*": any host that no object names. */
  host: string;
  ports: MapPort[];
}

export interface MapPort {
  number: number;
  /** What the caller speaks: "http", "tls", "tcp"; of an intent also "http2" and "grpc". */
  protocol: string;
}

/** What is not among the edges is blocked. */
export interface MapEdge {
  application: string;
  host: string;
  port: number;
  protocol: string;
  verdict: Exclude<VerdictKind, "blocked">;
  /** Gateways passed, in order; none where it leaves directly. */
  gateways: string[];
  /** The only requests that pass, "GET /api/any"; absent: all that were asked. */
  requests?: string[];
  /** What the last gateway cannot see. */
  limits?: string[];
  reason: string;
  /** What was seen in access logs; absent on a map without traffic. `calls` 0: an allowance that nobody used. */
  traffic?: MapTraffic;
}

export interface MapTraffic {
  /** All that were seen, the denied ones among them. */
  calls: number;
  denied: number;
  /** RFC 3339, UTC. */
  lastSeen?: string;
}

/** Calls of one application to one place that were refused. */
export interface DeniedCall {
  /** "namespace/name", as `MapApplication.id`; the map need not know it. */
  application: string;
  host: string;
  port: number;
  calls: number;
  /** RFC 3339, UTC. */
  lastSeen?: string;
  /** What refused it, as `audit` names the layer: "sidecar", "gateway ns/name". */
  by: string;
}

/** Asks every class of workloads about every host and port that it may see, and about hosts that nobody names. */
export function mapOf(mesh: Mesh): EgressMap {
  const applications = applicationsOf(mesh);
  const byId = new Map(applications.map((application) => [application.id, application]));
  const workloads = applications.map(({ id, workload }) => ({ ...workload, name: id }));
  const targets = externalTargets(mesh);
  const edges = classesOf(mesh, workloads).flatMap((cls) => {
    const ids = cls.members.map((member) => member.slice(cls.workload.namespace.length + 1));
    const asker = byId.get(ids[0] ?? "") as Application;
    const others = asker.id.includes("/*") ? new Set<string>() : accountsOf(applications, cls.workload.namespace);
    const found = [...seenTargets(mesh, cls, targets, {}), ...ANYTHING_ELSE].flatMap((target) =>
      edgeOf(mesh, asker, target, others),
    );
    return ids.flatMap((application) => found.map((edge) => ({ application, ...edge })));
  });
  const named = applications.map(({ id }) => id).filter((id) => !id.includes("/*"));
  return { ...withNodes(edges, named), unknownInputs: unknownInputs(mesh) };
}

/** The map of an intent: no object needs to be asked, since each flow is allowed and nothing else is. */
export function mapOfFlows(flows: readonly Flow[]): EgressMap {
  const edges = flows.map(({ application, host, port, protocol, gateway, methods, paths }): MapEdge => {
    const requests = (methods ?? ["any method"]).flatMap((method) =>
      (paths ?? [""]).map((path) => `${method} ${path}`),
    );
    return {
      application,
      host,
      port,
      protocol: protocol.toLowerCase(),
      verdict: "gateway",
      gateways: [gateway],
      ...((methods ?? paths) && { requests: requests.map((text) => text.trimEnd()) }),
      reason: "allowed",
    };
  });
  return { ...withNodes(edges, []), unknownInputs: [] };
}

function edgeOf(mesh: Mesh, asker: { workload: Workload }, target: HostPort, others: ReadonlySet<string>) {
  const requests = target.protocol === "http" ? requestsTo([mesh], target.host) : [{ method: "GET", path: "/" }];
  const ways = requests.map((request) => ({ request, way: wayOf(mesh, asker, target, request, others) }));
  const open = ways.filter(({ way }) => way.state !== "blocked");
  // By each way that a request may take, one edge.
  const byWay = new Map<string, { way: Way; requests: string[] }>();
  for (const { request, way } of open) {
    const found = byWay.get(`${way.state} ${way.key}`) ?? { way, requests: [] };
    found.requests.push(requestText(request));
    byWay.set(`${way.state} ${way.key}`, found);
  }
  const { host, port, protocol } = target;
  return [...byWay.values()].map(({ way: { verdict, gateways, limits, reason }, requests: passing }) => ({
    host,
    port,
    protocol: protocol as string,
    verdict: verdict as MapEdge["verdict"],
    gateways,
    ...(passing.length < requests.length && { requests: passing }),
    ...(limits && { limits }),
    reason,
  }));
}

function withNodes(edges: MapEdge[], named: readonly string[]): Omit<EgressMap, "unknownInputs"> {
  const sorted = edges
    .map((edge) => [edgeKey(edge), edge] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, edge]) => edge);
  const ports = new Map<string, Map<string, MapPort>>();
  for (const { host, port, protocol } of sorted) {
    const own = ports.get(host) ?? new Map<string, MapPort>();
    own.set(`${port} ${protocol}`, { number: port, protocol });
    ports.set(host, own);
  }
  return {
    applications: unique([...named, ...sorted.map(({ application }) => application)]).map(nodeOf),
    gateways: unique(sorted.flatMap(({ gateways }) => gateways)).map(nodeOf),
    destinations: unique([...ports.keys()]).map((host) => ({ host, ports: [...(ports.get(host)?.values() ?? [])] })),
    edges: sorted,
  };
}

function edgeKey({ application, host, port, protocol, gateways, verdict, requests = [] }: MapEdge): string {
  return [application, host, String(port).padStart(5, "0"), protocol, gateways.join(), verdict, ...requests].join(" ");
}

function nodeOf(id: string): { id: string; namespace: string; name: string } {
  const slash = id.indexOf("/");
  return { id, namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}
