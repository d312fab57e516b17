import fc from "fast-check";
import { type Application, type Destination, type EgressConfig, type Port, PortProtocol } from "../../graph";

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
  /** One more host, with a wildcard. */
  wildcard: boolean;
  checkInnerSni: boolean;
  /** The gateway of an earlier destination, counted from the start, or its own. */
  shares: number | undefined;
}

const draftDestination: fc.Arbitrary<Draft> = fc.record({
  hosts: fc.integer({ min: 1, max: 3 }),
  ports: fc.option(fc.constantFrom(...PORT_SETS), { nil: undefined }),
  wildcard: fc.boolean(),
  checkInnerSni: fc.boolean(),
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
  })
  .map(({ destinations, applications, gatewayNamespace, meshHosts }) => ({
    ...(gatewayNamespace !== undefined && { gatewayNamespace }),
    ...(meshHosts !== undefined && { meshHosts }),
    destinations: Object.fromEntries(destinations.map((draft, index) => [`d${index}`, destination(draft, index)])),
    applications: applications.map((draft, index) => application(draft, index, destinations.length)),
  }));

function destination({ hosts, ports, shares, wildcard, checkInnerSni }: Draft, index: number): Destination {
  const tls = ports === undefined || ports.some(({ number, protocol }) => number === 443 || protocol === "TLS");
  return {
    hosts: [
      ...Array.from({ length: hosts }, (_, n) => (n === 0 ? `d${index}.example` : `h${n}.d${index}.example`)),
      ...(wildcard ? [`*.w${index}.example`] : []),
    ],
    ...(wildcard && tls && { wildcardTls: true }),
    ...(checkInnerSni && tls && { checkInnerSni: true }),
    ...(ports !== undefined && { ports }),
    ...(shares !== undefined && { gateway: `g${shares % (index + 1)}` }),
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
