import fc from "fast-check";
import {
  AdmissionMode,
  type Application,
  type Destination,
  type EgressConfig,
  type Port,
  PortProtocol,
} from "../../graph";

/*
 * Random valid configurations: small, but with all that can vary: shared gateways, odd ports, several namespaces,
 * destinations that nobody may use, applications with selectors and accounts of their own.
 */

const PORT_SETS: readonly Port[][] = [
  [{ number: 80 }, { number: 443 }],
  [{ number: 443 }],
  [{ number: 80 }],
  [{ number: 8443, protocol: PortProtocol.TLS }, { number: 443 }],
  [{ number: 8080, protocol: PortProtocol.HTTP }, { number: 80 }],
];

interface Draft {
  hosts: number;
  ports: Port[] | undefined;
  /** The gateway of an earlier destination, counted from the start, or its own. */
  shares: number | undefined;
}

const draftDestination: fc.Arbitrary<Draft> = fc.record({
  hosts: fc.integer({ min: 1, max: 3 }),
  ports: fc.option(fc.constantFrom(...PORT_SETS), { nil: undefined }),
  shares: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
});

const draftApplication = fc.record({
  namespace: fc.constantFrom("shop", "bank", "test-app"),
  ownSelector: fc.boolean(),
  ownAccount: fc.boolean(),
  createServiceAccount: fc.boolean(),
  allow: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 }),
});

export const arbitraryConfig: fc.Arbitrary<EgressConfig> = fc
  .record({
    destinations: fc.array(draftDestination, { minLength: 1, maxLength: 6 }),
    applications: fc.array(draftApplication, { minLength: 1, maxLength: 6 }),
    gatewayNamespace: fc.constantFrom(undefined, "egress"),
    meshHosts: fc.option(fc.constant<string[]>(["infra/metrics.infra.svc.cluster.local"]), { nil: undefined }),
    guarding: fc.constantFrom("default", "off", "monitored", "ranges", "no-dns"),
  })
  .map(({ destinations, applications, gatewayNamespace, meshHosts, guarding }) => ({
    ...guards(guarding, [...new Set(destinations.map((draft, index) => gatewayOf(draft, index)))]),
    ...(gatewayNamespace !== undefined && { gatewayNamespace }),
    ...(meshHosts !== undefined && { meshHosts }),
    destinations: Object.fromEntries(destinations.map((draft, index) => [`d${index}`, destination(draft, index)])),
    applications: applications.map((draft, index) => application(draft, index, destinations.length)),
  }));

/** Guards on, off, or with all that goes with them. */
function guards(kind: string, gateways: string[]): Partial<EgressConfig> {
  switch (kind) {
    case "off":
      return { guards: { networkPolicy: false, admission: AdmissionMode.Off } };
    case "monitored":
      return { guards: { monitoringNamespaces: ["metrics"], admission: AdmissionMode.Warn } };
    case "ranges":
      return { gatewayDefaults: { egressRanges: ["203.0.113.0/24"] }, guards: { clusterRanges: ["198.18.0.0/16"] } };
    case "no-dns":
      return {
        guards: { clusterDns: false },
        istio: { discoveryIp: "198.18.128.15" },
        gateways: Object.fromEntries(gateways.map((name, n) => [name, { clusterIp: `198.18.129.${n + 1}` }])),
      };
    default:
      return {};
  }
}

function gatewayOf({ shares }: Draft, index: number): string {
  return shares === undefined ? `d${index}` : `g${shares % (index + 1)}`;
}

function destination({ hosts, ports, shares }: Draft, index: number): Destination {
  return {
    hosts: Array.from({ length: hosts }, (_, n) => (n === 0 ? `d${index}.example` : `h${n}.d${index}.example`)),
    ...(ports !== undefined && { ports }),
    ...(shares !== undefined && { gateway: gatewayOf({ hosts, ports, shares }, index) }),
  };
}

function application(
  draft: {
    namespace: string;
    ownSelector: boolean;
    ownAccount: boolean;
    createServiceAccount: boolean;
    allow: number[];
  },
  index: number,
  destinations: number,
): Application {
  const name = `app-${index}`;
  return {
    namespace: draft.namespace,
    name,
    ...(draft.ownSelector && { selector: { app: name, tier: "web" } }),
    ...(draft.ownAccount && { serviceAccount: `account-${index}` }),
    ...(draft.createServiceAccount && { createServiceAccount: true }),
    allow: [...new Set(draft.allow.map((n) => `d${n % destinations}`))],
  };
}
