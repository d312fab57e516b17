/**
 * Objects that the API server refuses, as istiod's webhook does (`pkg/config/validation/validation.go`). Not every rule of the webhook:
 * those that change what the object would mean. istiod itself uses what it can of a refused object that got in before.
 */
import { invalidEntry } from "./admissionEntry";
import { overlaps, subsetOf } from "./hosts";
import type { MeshObject } from "./object";
import type { Value } from "./value";

type Check = (spec: Value, object: MeshObject) => string | undefined;

const CHECKS: Record<string, Check> = {
  ServiceEntry: (spec) => invalidEntry(spec) ?? invalidExports(spec, true),
  VirtualService: invalidVirtualService,
  DestinationRule: invalidRule,
  Gateway: invalidGateway,
  Sidecar: invalidSidecar,
};

/** Why the object would be refused, naming field and value; undefined: it would not. */
export function invalidity(object: MeshObject): string | undefined {
  return CHECKS[object.kind]?.(object.spec, object);
}

/** `~` only for ServiceEntries and alone, `*` only alone, no name twice. */
function invalidExports(spec: Value, mayHide: boolean): string | undefined {
  const list = spec.at("exportTo").texts();
  if (list.length === 0) return undefined;
  const own = spec.of.namespace;
  const alone = (word: string): boolean => list.includes(word) && list.length > 1;
  if (list.includes("~") && !mayHide) return 'spec.exportTo: "~" is only for ServiceEntries';
  if (alone("~") || alone("*")) return 'spec.exportTo: "~" and "*" must stand alone';
  if (new Set(list).size < list.length) return "spec.exportTo names a namespace twice";
  return list.includes(".") && list.includes(own) ? `spec.exportTo: "." and "${own}" are the same` : undefined;
}

function invalidVirtualService(spec: Value, object: MeshObject): string | undefined {
  const hosts = spec.at("hosts").texts();
  const gateways = spec.at("gateways").texts();
  const kinds = ["http", "tls", "tcp"].filter((kind) => spec.at(kind).list().length > 0);
  if (kinds.length === 0) return "spec has neither http, tls nor tcp";
  if (hosts.length === 0 && kinds.some((kind) => kind !== "http"))
    return "spec.hosts is empty; a delegate holds http rules alone";
  if ((gateways.length === 0 || gateways.includes("mesh")) && hosts.includes("*"))
    return 'spec.hosts: "*" is refused on the gateway mesh';
  const double = hosts.find((host, i) => hosts.some((other, j) => i < j && overlaps(host, other)));
  if (double !== undefined) return `spec.hosts: ${double} overlaps another host of the same VirtualService`;
  return invalidExports(spec, false) ?? invalidHttp(spec) ?? invalidTls(spec, hosts, object);
}

function invalidHttp(spec: Value): string | undefined {
  for (const rule of spec.at("http").list()) {
    const has = ["route", "redirect", "directResponse", "delegate"].filter((key) =>
      key === "route" ? rule.at(key).list().length > 0 : rule.at(key).present,
    );
    if (has.length === 0) return `${rule.path} has neither route, redirect, directResponse nor delegate`;
    if (has.length > 1) return `${rule.path} has ${has.join(" and ")}: only one is allowed`;
    const weights = rule
      .at("route")
      .list()
      .map((route) => route.at("weight").number() ?? 0);
    if (weights.length > 1 && weights.every((weight) => weight === 0))
      return `${rule.path}.route: the weights sum to 0`;
  }
  return undefined;
}

function invalidTls(spec: Value, hosts: string[], _object: MeshObject): string | undefined {
  for (const rule of spec.at("tls").list()) {
    const matches = rule.at("match").list();
    if (matches.length === 0) return `${rule.path} has no match`;
    for (const match of matches) {
      const names = match.at("sniHosts").texts();
      if (names.length === 0) return `${match.path}.sniHosts is empty`;
      const stray = names.find((name) => !hosts.some((host) => subsetOf(name, host)));
      if (stray !== undefined) return `${match.path}.sniHosts: ${stray} is under no host of spec.hosts`;
    }
  }
  return undefined;
}

function invalidRule(spec: Value): string | undefined {
  if (spec.at("host").text() === "") return "spec.host is empty";
  const list = spec.at("exportTo").texts();
  const foreign = list.some((entry) => entry !== "." && entry !== spec.of.namespace);
  if (spec.at("workloadSelector").present && foreign) return 'spec.exportTo: with workloadSelector only "." is allowed';
  return invalidExports(spec, false);
}

function invalidSidecar(spec: Value): string | undefined {
  const parts = ["egress", "ingress", "workloadSelector", "outboundTrafficPolicy", "inboundConnectionPool"];
  if (!parts.some((key) => spec.at(key).present)) return "spec is empty";
  const egress = spec.at("egress").list();
  const seen = new Set<string>();
  for (const [i, listener] of egress.entries()) {
    if (listener.at("hosts").list().length === 0) return `${listener.path}.hosts is empty`;
    const port = listener.at("port").at("number").text();
    if (port === "" && i < egress.length - 1 && listener.at("bind").text() === "")
      return `${listener.path} has no port, but is not the last`;
    if (port !== "" && seen.has(port)) return `${listener.path}.port.number ${port} is used twice`;
    seen.add(port);
  }
  const mode = spec.at("outboundTrafficPolicy").at("mode").text();
  if (mode === "ALLOW_ANY_DYNAMIC_DNS")
    return "spec.outboundTrafficPolicy.mode ALLOW_ANY_DYNAMIC_DNS is only for the mesh";
  const proxy = spec.at("outboundTrafficPolicy").at("egressProxy").present;
  return proxy && mode !== "ALLOW_ANY" ? "spec.outboundTrafficPolicy.egressProxy needs mode ALLOW_ANY" : undefined;
}

function invalidGateway(spec: Value): string | undefined {
  const servers = spec.at("servers").list();
  if (servers.length === 0) return "spec.servers is empty";
  const names = new Set<string>();
  for (const server of servers) {
    const name = server.at("port").at("name").text();
    if (server.at("hosts").list().length === 0) return `${server.path}.hosts is empty`;
    if (name === "") return `${server.path}.port.name is empty`;
    if (names.has(name)) return `${server.path}.port.name ${name} is used twice`;
    names.add(name);
    const problem = invalidServer(server);
    if (problem !== undefined) return `${server.path}.${problem}`;
  }
  return undefined;
}

const HTTP_KINDS = new Set(["HTTP", "HTTP2", "GRPC", "GRPC-WEB"]);

/** A plain HTTP server may have a TLS block without certificates and mode (Istio `validation.go: validateServer`). */
function onlyRedirects(protocol: string, tls: Value, mode: string): boolean {
  const files = ["serverCertificate", "privateKey", "caCertificates"];
  return (
    HTTP_KINDS.has(protocol) &&
    (mode === "PASSTHROUGH" || mode === "AUTO_PASSTHROUGH") &&
    files.every((key) => tls.at(key).text() === "")
  );
}

function invalidServer(server: Value): string | undefined {
  const protocol = server.at("port").at("protocol").text().toUpperCase();
  const tls = server.at("tls");
  const secure = protocol === "HTTPS" || protocol === "TLS";
  if (secure && !tls.present) return `tls is missing on a ${protocol} port`;
  const mode = tls.at("mode").text() || "PASSTHROUGH";
  if (!secure && tls.present && !onlyRedirects(protocol, tls, mode)) return `tls is refused on a ${protocol} port`;
  if (!secure || !tls.present) return undefined;
  const certificate = ["serverCertificate", "privateKey", "caCertificates", "credentialName"].find(
    (key) => tls.at(key).text() !== "",
  );
  if (mode === "ISTIO_MUTUAL" && certificate !== undefined)
    return `tls.${certificate} is refused with mode ISTIO_MUTUAL`;
  const needsCertificate = mode === "SIMPLE" || mode === "MUTUAL";
  const given =
    certificate !== undefined ||
    tls.at("credentialNames").list().length > 0 ||
    tls.at("tlsCertificates").list().length > 0;
  return needsCertificate && !given ? `tls.credentialName is missing with mode ${mode}` : undefined;
}
