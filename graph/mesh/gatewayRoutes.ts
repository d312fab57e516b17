import { type Exports, exportsOf } from "./exportTo";
import { type Attachment, attachments } from "./gatewayApi";
import { intersect, overlaps } from "./hosts";
import { push } from "./labelIndex";
import type { Mesh } from "./mesh";
import { MeshObject } from "./object";
import type { Value } from "./value";
import { type L4Rule, type RouteObject, readDestination } from "./virtualService";

type Json = Record<string, unknown>;

/**
 * HTTPRoute, GRPCRoute, TLSRoute and TCPRoute in the form of VirtualServices, one for each parent
 * (`pilot/pkg/config/kube/gateway/conversion.go: convertHTTPRoute, convertTLSRoute, convertTCPRoute`).
 */
export function apiRoutes(route: MeshObject, mesh: Mesh): RouteObject[] {
  return attachments(route, mesh).map((attachment, i) => new ApiRoute(route, attachment, i, mesh));
}

/**
 * HTTP routes of one parent and host become one, ordered by the precedence of Gateway API, then by age
 * (`route_collections.go: mergeHTTPRoutes`). Mesh routes merge only within their namespace and port. Equal ranks without ages: by name.
 */
export function mergeHttpRoutes(routes: RouteObject[]): RouteObject[] {
  const groups = new Map<string, RouteObject[]>();
  for (const route of routes) push(groups, route.http.length > 0 ? mergeKey(route) : `alone ${groups.size}`, route);
  return [...groups.values()].map((group) => (group.length === 1 ? (group[0] as RouteObject) : merged(group)));
}

function mergeKey({ gateways, hosts, namespace, http }: RouteObject): string {
  const mesh = gateways[0] === "mesh";
  return [
    gateways[0],
    hosts[0],
    mesh ? namespace : "",
    mesh ? http[0]?.at("match").list()[0]?.at("port").text() : "",
  ].join(" ");
}

function merged(group: RouteObject[]): RouteObject {
  const age = (route: RouteObject): number => route.object.created ?? 0;
  const sorted = [...group].sort((a, b) => age(a) - age(b) || (a.object.id < b.object.id ? -1 : 1));
  const http = sorted.flatMap((route) => route.http).sort((a, b) => rankOf(b) - rankOf(a));
  const { object, namespace, name, hosts, gateways, exports } = sorted[0] as RouteObject;
  return { object, namespace, name, hosts, gateways, exports, http, tls: [], tcp: [], gatewaySemantics: true };
}

function rankOf(rule: Value): number {
  return rule.at("rank").number() ?? 0;
}

class ApiRoute implements RouteObject {
  readonly gatewaySemantics = true;
  readonly tlsRoute: boolean;
  readonly namespace: string;
  readonly name: string;
  readonly hosts: string[];
  readonly gateways: string[];
  /** Gateway API knows no exportTo; the mesh's default holds for its routes too (`mergeVirtualServices`). */
  readonly exports: Exports;
  readonly http: Value[];
  readonly tls: L4Rule[];
  readonly tcp: L4Rule[];
  readonly object: MeshObject;

  constructor(route: MeshObject, attachment: Attachment, index: number, mesh: Mesh) {
    this.namespace = route.namespace;
    this.name = `${route.name}~${index}`;
    this.hosts = [attachment.host];
    this.gateways = [attachment.gateway];
    this.exports = exportsOf([], mesh.config.defaultVirtualServiceExportTo, route.namespace);
    this.tlsRoute = route.kind === "TLSRoute";
    const spec = translate(route, attachment, mesh);
    this.object = standIn(route, spec);
    this.http = this.object.spec.at("http").list();
    this.tls = this.l4("tls", mesh);
    this.tcp = this.l4("tcp", mesh);
  }

  private l4(kind: string, mesh: Mesh): L4Rule[] {
    return this.object.spec
      .at(kind)
      .list()
      .map((rule) => ({
        field: rule.path,
        route: rule
          .at("route")
          .list()
          .map((to) => {
            const destination = readDestination(to, this.namespace, mesh.config.clusterDomain);
            return { ...destination, invalid: destination.host === "" };
          }),
        matches: rule
          .at("match")
          .list()
          .map((match) => ({
            gateways: [],
            sourceLabels: {},
            sourceNamespace: "",
            port: match.at("port").number(),
            sniHosts: match.at("sniHosts").texts(),
            destinationSubnets: [],
            field: match.path,
          })),
      }));
  }
}

/** The route's identity, with a VirtualService's spec. */
function standIn(route: MeshObject, spec: Json): MeshObject {
  const metadata = {
    name: route.name,
    namespace: route.namespace,
    creationTimestamp: route.created === undefined ? undefined : new Date(route.created).toISOString(),
  };
  return new MeshObject({
    manifest: { apiVersion: "gateway.networking.k8s.io/v1", kind: route.kind, metadata, spec },
    source: route.source,
  });
}

function translate(route: MeshObject, attachment: Attachment, mesh: Mesh): Json {
  const rules = route.spec.at("rules").list();
  const { port } = attachment;
  if (route.kind === "HTTPRoute" || route.kind === "GRPCRoute") {
    const http = rules.flatMap((rule) => httpEntries(rule, port, mesh)).sort((a, b) => b.rank - a.rank);
    return { http: http.map((entry) => entry.rule) };
  }
  const tls = route.kind === "TLSRoute";
  const list = rules.map((rule) => ({
    match: tls || port !== undefined ? [{ port, ...(tls ? { sniHosts: serverNames(route, attachment) } : {}) }] : [],
    route: backends(rule, mesh),
  }));
  return tls ? { tls: list } : { tcp: list };
}

/** `hostnames`, narrowed to the parent's host or the listener's (`augmentTLSPortMatch`, `constrainTLSRoutesToListenerHost`). */
function serverNames(route: MeshObject, { host, parentHosts, listenerHost }: Attachment): string[] {
  const names = route.spec.at("hostnames").texts();
  const own = names.length > 0 && names.join() !== "*" ? names : (parentHosts ?? ["*"]);
  if (parentHosts) return own.length > 1 ? own.filter((name) => overlaps(name, host)) : own;
  return listenerHost ? intersect(own, [listenerHost]) : own;
}

/** One entry for each match, ranked as Gateway API asks: exact path, longer prefix, method, headers, query (`sortHTTPRoutes`). */
function httpEntries(rule: Value, port: number | undefined, mesh: Mesh): { rule: Json; rank: number }[] {
  const action = httpAction(rule, mesh);
  const declared = rule.at("matches").list();
  const matches = declared.length > 0 ? declared : [undefined];
  return matches.flatMap((match) => {
    const { conditions, rank } = httpConditions(match);
    return [{ rank, rule: { ...action, rank, match: [{ ...conditions, port }] } }];
  });
}

function httpConditions(match: Value | undefined): { conditions: Json; rank: number } {
  if (!match) return { conditions: {}, rank: 0 };
  const type = match.at("path").at("type").text() || "PathPrefix";
  const path = match.at("path").at("value").text() || grpcPath(match.at("method"));
  const method =
    match.at("path").present || typeof match.at("method").text() === "string" ? match.at("method").text() : "";
  const headers = Object.fromEntries(match.at("headers").list().map(condition));
  const queryParams = Object.fromEntries(match.at("queryParams").list().map(condition));
  const uri = path === "" || (type === "PathPrefix" && path === "/") ? undefined : uriOf(type, path);
  const exact = type === "Exact" && path !== "" ? 1 : 0;
  const rank =
    exact * 1e9 +
    path.length * 1e5 +
    (method !== "" ? 1e4 : 0) +
    Object.keys(headers).length * 100 +
    Object.keys(queryParams).length;
  return { conditions: { uri, method: method === "" ? undefined : { exact: method }, headers, queryParams }, rank };
}

function grpcPath(method: Value): string {
  const service = method.at("service").text();
  return service === "" ? "" : `/${service}/${method.at("method").text()}`;
}

function uriOf(type: string, path: string): Json {
  if (type === "Exact") return { exact: path };
  return type === "RegularExpression" ? { regex: path } : { segments: path };
}

function condition(value: Value): [string, Json] {
  const regex = value.at("type").text() === "RegularExpression";
  return [value.at("name").text(), { [regex ? "regex" : "exact"]: value.at("value").text() }];
}

function httpAction(rule: Value, mesh: Mesh): Json {
  const action: Json = {};
  for (const filter of rule.at("filters").list()) {
    const type = filter.at("type").text();
    if (type === "RequestRedirect")
      action.redirect = { redirectCode: filter.at("requestRedirect").at("statusCode").number() ?? 302 };
    if (type === "URLRewrite") {
      const hostname = filter.at("urlRewrite").at("hostname").text();
      if (hostname !== "") action.rewrite = { authority: hostname };
    }
    if (type === "RequestMirror") {
      const mirrors = (action.mirrors as Json[] | undefined) ?? [];
      action.mirrors = [...mirrors, { destination: target(filter.at("requestMirror").at("backendRef"), mesh) }];
    }
    if (type === "RequestHeaderModifier") action.headers = { request: { set: hostHeader(filter) } };
  }
  if (action.redirect) return action;
  const route = backends(rule, mesh);
  return route.length > 0 ? { ...action, route } : { ...action, directResponse: { status: 500 } };
}

function hostHeader(filter: Value): Json {
  const found = filter
    .at("requestHeaderModifier")
    .at("set")
    .list()
    .filter((h) => h.at("name").text().toLowerCase() === "host");
  return Object.fromEntries(found.map((h) => ["host", h.at("value").text()]));
}

/** Backends of weight 0 are left out; none left: the rule answers 500. */
function backends(rule: Value, mesh: Mesh): Json[] {
  return rule
    .at("backendRefs")
    .list()
    .map((ref) => ({ weight: ref.at("weight").number() ?? 1, destination: target(ref, mesh) }))
    .filter((backend) => backend.weight > 0);
}

/** Service, or `kind: Hostname` of networking.istio.io, whose namespace must be absent (`gwapi/conversion.go: buildDestination`). */
function target(ref: Value, mesh: Mesh): Json {
  const kind = ref.at("kind").text() || "Service";
  const number = ref.at("port").number();
  const name = ref.at("name").text();
  if (kind === "Hostname") {
    const known = mesh.services.byHost.covering(name).length > 0;
    return ref.at("namespace").present || !known ? { host: "" } : { host: name, port: { number } };
  }
  if (kind !== "Service") return { host: "" };
  const namespace = ref.at("namespace").text() || ref.of.namespace;
  const host = `${name}.${namespace}.svc.${mesh.config.clusterDomain}`;
  return mesh.services.byHost.has(host) ? { host, port: { number } } : { host: "" };
}
