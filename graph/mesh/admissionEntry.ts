/** ServiceEntries that the API server refuses (`pkg/config/validation/validation.go: ValidateServiceEntry`). */
import { isAddress } from "./addresses";
import { isWildcard } from "./hosts";
import { portKind } from "./protocol";
import type { Value } from "./value";

const PROTOCOLS = new Set([
  "http",
  "https",
  "http2",
  "grpc",
  "grpc-web",
  "tcp",
  "tls",
  "mongo",
  "redis",
  "mysql",
  "udp",
  "http_proxy",
  "",
]);

export function invalidEntry(spec: Value): string | undefined {
  const hosts = spec.at("hosts").texts();
  if (hosts.length === 0) return "spec.hosts is empty";
  if (hosts.includes("*")) return 'spec.hosts: "*" is refused';
  if (spec.at("workloadSelector").present && spec.at("endpoints").list().length > 0)
    return "spec.workloadSelector and spec.endpoints exclude each other";
  const resolution = spec.at("resolution").text() || "NONE";
  return (
    invalidPorts(spec, hosts, resolution) ??
    invalidResolution(spec, hosts, resolution) ??
    invalidAddresses(spec, hosts, resolution)
  );
}

function invalidPorts(spec: Value, hosts: string[], resolution: string): string | undefined {
  const numbers = new Set<string>();
  const names = new Set<string>();
  for (const port of spec.at("ports").list()) {
    const number = port.at("number").text();
    const name = port.at("name").text();
    const protocol = port.at("protocol").text().toLowerCase();
    if (numbers.has(number)) return `${port.path}.number ${number} is used twice`;
    if (names.has(name)) return `${port.path}.name ${name} is used twice`;
    if (!PROTOCOLS.has(protocol)) return `${port.path}.protocol ${protocol} is not known`;
    numbers.add(number);
    names.add(name);
    if (hosts.length > 1 && portKind(protocol) === "tcp" && resolution !== "NONE")
      return `${port.path}.protocol TCP needs a single host: its addresses cannot tell hosts apart`;
  }
  return undefined;
}

function invalidResolution(spec: Value, hosts: string[], resolution: string): string | undefined {
  const endpoints = spec.at("endpoints").list();
  const byName = resolution === "DNS" || resolution === "DNS_ROUND_ROBIN";
  if (resolution === "NONE" && endpoints.length > 0) return "spec.endpoints is refused with resolution NONE";
  const wild = hosts.find(isWildcard);
  if (byName && endpoints.length === 0 && !spec.at("workloadSelector").present && wild !== undefined)
    return `spec.hosts: ${wild} needs spec.endpoints with resolution ${resolution}`;
  if (resolution === "DNS_ROUND_ROBIN" && endpoints.length > 1) return "spec.endpoints: DNS_ROUND_ROBIN takes one";
  const named = endpoints.find(
    (endpoint) => !isAddress(endpoint.at("address").text()) && !endpoint.at("address").text().startsWith("unix:"),
  );
  if (resolution === "STATIC" && named) return `${named.path}.address must be an IP address with resolution STATIC`;
  return resolution === "DYNAMIC_DNS" ? invalidDynamic(spec, hosts, endpoints.length) : undefined;
}

function invalidDynamic(spec: Value, hosts: string[], endpoints: number): string | undefined {
  const exact = hosts.find((host) => !isWildcard(host));
  if (exact !== undefined) return `spec.hosts: ${exact} must be a wildcard with resolution DYNAMIC_DNS`;
  if (endpoints > 0) return "spec.endpoints is refused with resolution DYNAMIC_DNS";
  if (spec.at("addresses").list().length > 0) return "spec.addresses is refused with resolution DYNAMIC_DNS";
  const odd = spec
    .at("ports")
    .list()
    .find((port) => !["http", "http2", "grpc", "tls"].includes(port.at("protocol").text().toLowerCase()));
  return (
    odd &&
    `${odd.path}.protocol ${odd.at("protocol").text()} is refused with resolution DYNAMIC_DNS: use HTTP, HTTP2, GRPC or TLS`
  );
}

function invalidAddresses(spec: Value, _hosts: string[], resolution: string): string | undefined {
  if (resolution === "NONE" || resolution === "STATIC") return undefined;
  const range = spec
    .at("addresses")
    .texts()
    .find((address) => address.includes("/"));
  return range === undefined ? undefined : `spec.addresses: the range ${range} needs resolution NONE or STATIC`;
}
