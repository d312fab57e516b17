import type { StackSettings } from "../../demo/stackFile";
import { type EgressConfig, PortProtocol } from "../../graph";
import { INTERNET_BLOCK, internetAddress } from "../../lab";
import type { Ground } from "../ground";

const NAMESPACE = "attack-apps";
const GATEWAYS = "attack-egress";

/** The Secrets of the gateways' namespace: the lab's authority, and a client certificate beside it. */
export const SECRETS = { authority: "outside-authority", client: "outside-client" } as const;

export const CONTROLLED: Ground = {
  title: "controlled egress",
  namespace: NAMESPACE,
  application: "app-a",
  otherApplication: "app-b",
  gatewayNamespace: GATEWAYS,
  routes: `${GATEWAYS}-routes`,
  gateway: "egress-github",
  otherGateway: "egress-google",
  containerPorts: { http: 8080, tls: 8443 },
  allowed: "github.com",
  other: "google.com",
  limited: { host: "api.github.com", gateway: "egress-partners" },
  checked: "partner.example",
};

/** Destinations of every protocol, beside a mesh that another stack installed. */
export const CONFIG: EgressConfig = {
  istio: { install: false },
  gatewayNamespace: GATEWAYS,
  gatewayDefaults: { replicas: 1 },
  // The lab's own ranges; its internet is 198.19.0.0/24.
  guards: { clusterRanges: ["198.18.0.0/16"] },
  destinations: {
    github: { hosts: ["github.com", "www.github.com"] },
    google: { hosts: ["google.com"] },
    limited: { hosts: ["api.github.com"], gateway: "partners", ports: [{ number: 80 }] },
    checked: { hosts: ["partner.example"], gateway: "partners", checkInnerSni: true },
    originated: {
      hosts: ["httpbin.org"],
      gateway: "partners",
      ports: [{ number: 80, originateTls: { secret: SECRETS.authority } }],
    },
    mutual: {
      hosts: ["mutual.example"],
      gateway: "partners",
      ports: [{ number: 80, originateTls: { secret: SECRETS.client, mutual: true, http2: true } }],
    },
    untrusted: {
      hosts: ["wrong-ca.example", "wrong-name.example"],
      gateway: "partners",
      ports: [{ number: 80, originateTls: { secret: SECRETS.authority } }],
    },
    grpc: { hosts: ["grpc.example"], gateway: "partners", ports: [{ number: 50051, protocol: PortProtocol.GRPC }] },
    databases: {
      hosts: ["db1.example", "db2.example"],
      gateway: "partners",
      ports: [{ number: 5432, protocol: PortProtocol.TCP }],
      addresses: { "db1.example": [internetAddress("db1.example")], "db2.example": [internetAddress("db2.example")] },
    },
    block: {
      cidrs: [INTERNET_BLOCK.cidr],
      gateway: "partners",
      ports: [{ number: 5432, protocol: PortProtocol.TCP }],
    },
    wildcard: { hosts: ["*.wildcard.example"], gateway: "wildcards", wildcardTls: true },
  },
  applications: [
    {
      namespace: NAMESPACE,
      name: "app-a",
      createServiceAccount: true,
      allow: [
        "github",
        "limited",
        "checked",
        "originated",
        "mutual",
        "untrusted",
        "grpc",
        "databases",
        "block",
        "wildcard",
      ],
      terms: { limited: { methods: ["GET"], paths: ["/api/*"] } },
    },
    { namespace: NAMESPACE, name: "app-b", createServiceAccount: true, allow: ["google"] },
  ],
};

/** The same as a stack's settings, with a workload for each application. */
export function settings(config: EgressConfig = CONFIG): StackSettings {
  return {
    "controlled-egress:demo": true,
    ...Object.fromEntries(Object.entries(config).map(([key, value]) => [`controlled-egress:${key}`, value])),
  };
}
