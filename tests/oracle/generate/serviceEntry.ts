import fc from "fast-check";
import type { Manifest } from "../../../graph/manifest";
import { age, compact, exportTo, externalHost, GATEWAY_HOST, likely, oftenIn, rarely, timestamp } from "./pools";

const port = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ number: 80, name: "http", protocol: "HTTP" }) },
  { weight: 4, arbitrary: fc.constantFrom("TLS", "HTTPS").map((protocol) => ({ number: 443, name: "tls", protocol })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      { number: 8080, name: "http-alt", protocol: "HTTP" },
      { number: 5432, name: "db", protocol: "TCP" },
      { number: 443, name: "http-on-tls", protocol: "HTTP" },
      { number: 80, name: "tcp-on-http", protocol: "TCP" },
      { number: 80, name: "http-origin", protocol: "HTTP", targetPort: 443 },
      { number: 8443, name: "tls-alt", protocol: "TLS" },
      { number: 5432, name: "mongo", protocol: "MONGO" },
      { number: 9000, name: "h2", protocol: "GRPC" },
      { number: 9000, name: "plain", protocol: "HTTP2" },
      { number: 443, name: "tcp-on-tls", protocol: "TCP" },
    ),
  },
);

const ports = fc.uniqueArray(port, { minLength: 1, maxLength: 3, selector: (p) => p.number });

const endpoints = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Record<string, unknown>[]>([{ address: "198.18.7.1" }]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, unknown>[]>(
      [{ address: GATEWAY_HOST }],
      [{ address: "10.96.0.8" }],
      [{ address: "10.1.0.4" }],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Record<string, unknown>[]>([{ address: "198.18.7.2", ports: { http: 8080, tls: 8443 } }]),
  },
);

const addresses = fc.constantFrom<string[]>(
  ["198.18.1.1"],
  ["198.18.1.2"],
  ["198.18.1.0/24"],
  ["198.18.0.0/16"],
  ["198.18.1.1", "198.18.1.2"],
);

export const serviceEntry: fc.Arbitrary<Manifest> = fc
  .record({
    namespace: likely,
    name: fc.constantFrom("se-a", "se-b", "se-c", "se-d"),
    hosts: fc.uniqueArray(externalHost, { minLength: 1, maxLength: 2 }),
    ports,
    resolution: oftenIn("DNS", "STATIC", "NONE", "DNS_ROUND_ROBIN", "DYNAMIC_DNS", "DYNAMIC_DNS"),
    location: oftenIn("MESH_EXTERNAL", "MESH_INTERNAL"),
    addresses: rarely(addresses, 3),
    endpoints: rarely(endpoints, 2),
    exportTo,
    age,
  })
  .map((spec) => entryOf(spec));

interface EntrySpec {
  namespace: string;
  name: string;
  hosts: string[];
  ports: { number: number; name: string; protocol: string }[];
  resolution: string;
  location: string;
  addresses?: string[];
  endpoints?: Record<string, unknown>[];
  exportTo?: string[];
  age: number;
}

/** Bends a spec to what validation accepts (ValidateServiceEntry), so that few objects are refused. */
function entryOf(spec: EntrySpec): Manifest {
  const wild = spec.hosts.some((host) => host.startsWith("*"));
  let { resolution, addresses, endpoints, hosts, ports: list } = spec;
  if (resolution === "DYNAMIC_DNS" && (!wild || hosts.length > 1)) resolution = "DNS";
  if (resolution === "DYNAMIC_DNS") {
    list = list.filter((p) => ["HTTP", "GRPC", "TLS"].includes(p.protocol));
    if (list.length === 0) list = [{ number: 80, name: "http", protocol: "HTTP" }];
    addresses = undefined;
    endpoints = undefined;
  }
  if (resolution === "NONE") endpoints = undefined;
  if (resolution === "STATIC")
    endpoints = (endpoints ?? [{ address: "198.18.7.1" }]).filter((e) => /^[\d.]+$/.test(String(e.address)));
  if (resolution === "STATIC" && endpoints?.length === 0) endpoints = [{ address: "198.18.7.3" }];
  if (resolution.startsWith("DNS") && wild && !endpoints) endpoints = [{ address: "198.18.7.4" }];
  if (resolution.startsWith("DNS")) addresses = addresses?.filter((a) => !a.includes("/"));
  if (resolution !== "NONE" && list.some((p) => ["TCP", "MONGO"].includes(p.protocol))) hosts = hosts.slice(0, 1);
  return compact({
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: { name: spec.name, namespace: spec.namespace, creationTimestamp: timestamp(spec.age) },
    spec: {
      hosts,
      addresses: addresses?.length ? addresses : undefined,
      ports: list,
      location: spec.location,
      resolution,
      endpoints,
      exportTo: spec.exportTo,
    },
  });
}
