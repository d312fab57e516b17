import fc from "fast-check";
import {
  type AllowanceTerms,
  type Application,
  type Destination,
  type EgressConfig,
  type Port,
  PortProtocol,
} from "../../graph";

/*
 * Random valid configurations: small, but with all that can vary: shared gateways, odd ports, several namespaces,
 * destinations that nobody may use, applications with selectors and accounts of their own, limits of methods and paths,
 * guards switched off.
 */

const PORT_SETS: readonly Port[][] = [
  [{ number: 80 }, { number: 443 }],
  [{ number: 443 }],
  [{ number: 80 }],
  [{ number: 8443, protocol: PortProtocol.TLS }, { number: 443 }],
  [{ number: 8080, protocol: PortProtocol.HTTP }, { number: 80 }],
];

const LIMITS: readonly AllowanceTerms[] = [
  { methods: ["GET"] },
  { paths: ["/api/*"] },
  { methods: ["POST", "GET"], paths: ["/v1/*", "/status"] },
];

interface Draft {
  hosts: number;
  ports: Port[] | undefined;
  /** The gateway of an earlier destination, counted from the start, or its own. */
  shares: number | undefined;
  tracing: boolean;
}

const draftDestination: fc.Arbitrary<Draft> = fc.record({
  hosts: fc.integer({ min: 1, max: 3 }),
  ports: fc.option(fc.constantFrom(...PORT_SETS), { nil: undefined }),
  shares: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
  tracing: fc.boolean(),
});

const draftApplication = fc.record({
  namespace: fc.constantFrom("shop", "bank", "test-app"),
  ownSelector: fc.boolean(),
  ownAccount: fc.boolean(),
  createServiceAccount: fc.boolean(),
  allow: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 }),
  limits: fc.option(fc.constantFrom(...LIMITS), { nil: undefined }),
});

const oftenTrue = fc.nat({ max: 5 }).map((n) => n > 0);

export const arbitraryConfig: fc.Arbitrary<EgressConfig> = fc
  .record({
    destinations: fc.array(draftDestination, { minLength: 1, maxLength: 6 }),
    applications: fc.array(draftApplication, { minLength: 1, maxLength: 6 }),
    gatewayNamespace: fc.constantFrom(undefined, "egress"),
    meshHosts: fc.option(fc.constant<string[]>(["infra/metrics.infra.svc.cluster.local"]), { nil: undefined }),
    authorization: oftenTrue,
    strictMutualTls: oftenTrue,
  })
  .map(({ destinations, applications, gatewayNamespace, meshHosts, ...guards }) => ({
    ...(gatewayNamespace !== undefined && { gatewayNamespace }),
    ...(meshHosts !== undefined && { meshHosts }),
    ...((!guards.authorization || !guards.strictMutualTls) && { guards }),
    destinations: Object.fromEntries(destinations.map((draft, index) => [`d${index}`, destination(draft, index)])),
    applications: applications.map((draft, index) => application(draft, index, destinations, guards.authorization)),
  }));

function destination({ hosts, ports, shares, tracing }: Draft, index: number): Destination {
  return {
    hosts: Array.from({ length: hosts }, (_, n) => (n === 0 ? `d${index}.example` : `h${n}.d${index}.example`)),
    ...(ports !== undefined && { ports }),
    ...(shares !== undefined && { gateway: `g${shares % (index + 1)}` }),
    ...(tracing && { sendTracingHeaders: true }),
  };
}

function application(
  draft: {
    namespace: string;
    ownSelector: boolean;
    ownAccount: boolean;
    createServiceAccount: boolean;
    allow: number[];
    limits: AllowanceTerms | undefined;
  },
  index: number,
  destinations: readonly Draft[],
  mayLimit: boolean,
): Application {
  const name = `app-${index}`;
  const numbers = [...new Set(draft.allow.map((n) => n % destinations.length))];
  const limited = draft.limits && mayLimit ? numbers.filter((n) => seesRequestsAlone(destinations[n])) : [];
  return {
    namespace: draft.namespace,
    name,
    ...(draft.ownSelector && { selector: { app: name, tier: "web" } }),
    ...(draft.ownAccount && { serviceAccount: `account-${index}` }),
    ...(draft.createServiceAccount && { createServiceAccount: true }),
    allow: numbers.map((n) => `d${n}`),
    ...(limited.length > 0 && { terms: Object.fromEntries(limited.map((n) => [`d${n}`, draft.limits ?? {}])) }),
  };
}

/** Of the sets above. */
function seesRequestsAlone(destination: Draft | undefined): boolean {
  const ports = destination?.ports ?? [];
  return ports.length > 0 && ports.every(({ number, protocol }) => protocol === PortProtocol.HTTP || number === 80);
}
