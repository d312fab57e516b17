/** What a proxy makes of a port (Istio `pkg/config/protocol/instance.go`). HTTPS and TLS are one kind, as are TCP, Mongo, … */
export type PortKind = "http" | "tls" | "tcp" | "detect" | "udp";

const KINDS: Record<string, PortKind> = {
  http: "http",
  http2: "http",
  grpc: "http",
  "grpc-web": "http",
  http_proxy: "http",
  https: "tls",
  tls: "tls",
  tcp: "tcp",
  mongo: "tcp",
  redis: "tcp",
  mysql: "tcp",
  udp: "udp",
};

export interface Port {
  number: number;
  name: string;
  /** Lower case, "" if none is declared. */
  protocol: string;
  kind: PortKind;
  /** `targetPort`: number, or the name of a container port. */
  target?: number | string;
}

export function portKind(protocol: string): PortKind {
  return KINDS[protocol.toLowerCase()] ?? "detect";
}

const APP_PROTOCOLS: Record<string, string> = {
  "kubernetes.io/h2c": "http2",
  "kubernetes.io/ws": "http",
  "kubernetes.io/wss": "https",
};
/** Ports where the server speaks first (Istio `pkg/config/kube/conversion.go: wellKnownPorts`). */
const SERVER_FIRST = new Set([25, 53, 3306, 27017]);

/** Protocol of a Kubernetes Service port: appProtocol, else the name up to its first "-" (`ConvertProtocol`). */
export function servicePortProtocol(number: number, name: string, transport: string, appProtocol: string): string {
  if (transport.toUpperCase() === "UDP") return "udp";
  const word = appProtocol !== "" ? (APP_PROTOCOLS[appProtocol] ?? appProtocol) : namePrefix(name);
  const known = KINDS[word.toLowerCase()] !== undefined && word.toLowerCase() !== "udp";
  if (known) return word.toLowerCase();
  return SERVER_FIRST.has(number) ? "tcp" : "";
}

function namePrefix(name: string): string {
  return name.toLowerCase().startsWith("grpc-web") ? "grpc-web" : (name.split("-")[0] as string);
}
