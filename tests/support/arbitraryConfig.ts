import fc from "fast-check";
import {
  AdmissionMode,
  type AllowanceTerms,
  type Application,
  type Destination,
  type EgressConfig,
  type GatewayOptions,
} from "../../graph";
import { portsOf } from "../../graph/intent/defaults";
import { seesRequests } from "../../graph/intent/protocols";
import { type DestinationDraft, destinationsOf, draftDestination, gatewayOf } from "./arbitraryDestination";

/*
 * Random valid configurations: small, but with all that can vary: destinations, several namespaces, destinations that
 * nobody may use, applications with selectors and accounts of their own, options of gateways, terms and limits of
 * allowances, guards switched off.
 */

const LIMITS: readonly AllowanceTerms[] = [
  { methods: ["GET"] },
  { paths: ["/api/*"] },
  { methods: ["POST", "GET"], paths: ["/v1/*", "/status"] },
];

const draftApplication = fc.record({
  namespace: fc.constantFrom("shop", "bank", "test-app"),
  ownSelector: fc.boolean(),
  ownAccount: fc.boolean(),
  createServiceAccount: fc.boolean(),
  allow: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 }),
  limits: fc.option(fc.constantFrom(...LIMITS), { nil: undefined }),
  audit: fc.option(
    fc.record<AllowanceTerms>(
      {
        owner: fc.constantFrom("team-a", "Ünal & sons"),
        reason: fc.constant('the "old" way'),
        ticket: fc.constant("SEC-1"),
        expires: fc.constant("2999-12-31"),
      },
      { requiredKeys: [] },
    ),
    { nil: undefined },
  ),
});

type ApplicationDraft = typeof draftApplication extends fc.Arbitrary<infer T> ? T : never;

const SCALES: readonly GatewayOptions[] = [
  {},
  { replicas: 1 },
  { replicas: 4, minAvailable: 3 },
  { autoscaling: { maxReplicas: 3 } },
  { autoscaling: { minReplicas: 3, maxReplicas: 9, targetCpuPercent: 60 }, minAvailable: 2 },
];

/** Without addresses: each may be had by one gateway only. */
const gatewayOptions: fc.Arbitrary<GatewayOptions> = fc
  .record({
    scale: fc.constantFrom(...SCALES),
    rest: fc.record<GatewayOptions>(
      {
        spread: fc.boolean(),
        drainSeconds: fc.nat({ max: 3600 }),
        resources: fc.constantFrom({}, { requests: { cpu: "100m" }, limits: { cpu: "2", memory: "1Gi" } }),
        nodeSelector: fc.constant({ "example.org/pool": "egress" }),
        tolerations: fc.constantFrom([], [{ key: "egress", operator: "Exists", effect: "NoSchedule" }]),
        serviceAnnotations: fc.constant({ "example.org/note": "egress" }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ scale, rest }) => ({ ...scale, ...rest }));

const oftenTrue = fc.nat({ max: 5 }).map((n) => n > 0);

export const arbitraryConfig: fc.Arbitrary<EgressConfig> = fc
  .record({
    destinations: fc.array(draftDestination, { minLength: 1, maxLength: 6 }),
    applications: fc.array(draftApplication, { minLength: 1, maxLength: 6 }),
    gatewayNamespace: fc.constantFrom(undefined, "egress"),
    meshHosts: fc.option(fc.constant<string[]>(["infra/metrics.infra.svc.cluster.local"]), { nil: undefined }),
    authorization: oftenTrue,
    strictMutualTls: oftenTrue,
    gatewayDefaults: fc.option(gatewayOptions, { nil: undefined }),
    gateway: fc.option(gatewayOptions, { nil: undefined }),
    clusterIp: fc.constantFrom(undefined, "198.18.128.20", "2001:db8::20"),
    guarding: fc.constantFrom<Guarding>("default", "off", "monitored", "ranges", "no-dns"),
  })
  .map(({ guarding, ...drafts }) => guarded(configOf(drafts), guarding));

type Guarding = "default" | "off" | "monitored" | "ranges" | "no-dns";

interface Drafts {
  destinations: DestinationDraft[];
  applications: ApplicationDraft[];
  gatewayNamespace: string | undefined;
  meshHosts: string[] | undefined;
  gatewayDefaults: GatewayOptions | undefined;
  gateway: GatewayOptions | undefined;
  clusterIp: string | undefined;
  authorization: boolean;
  strictMutualTls: boolean;
}

function configOf(drafts: Drafts): EgressConfig {
  const { destinations, applications, gatewayNamespace, meshHosts, gatewayDefaults, gateway, clusterIp } = drafts;
  const made = destinationsOf(destinations);
  const { strictMutualTls } = drafts;
  // A wildcard's port is held by the policies alone.
  const authorization = drafts.authorization || destinations.some(({ wildcard }) => wildcard);
  return {
    ...(gatewayNamespace !== undefined && { gatewayNamespace }),
    ...(meshHosts !== undefined && { meshHosts }),
    // A budget that is good beside the pods of the same options need not be good beside those of others.
    ...(gatewayDefaults !== undefined && {
      gatewayDefaults: gateway ? without(gatewayDefaults, "minAvailable") : gatewayDefaults,
    }),
    ...(gateway !== undefined && {
      gateways: { [gatewayOf(destinations, 0)]: { ...gateway, ...(clusterIp !== undefined && { clusterIp }) } },
    }),
    ...(destinations.some(({ reached }) => reached === "dns") && { istio: { dnsCapture: true } }),
    ...((!authorization || !strictMutualTls) && { guards: { authorization, strictMutualTls } }),
    destinations: made,
    applications: applications.map((draft, index) => application(draft, index, Object.values(made), authorization)),
  };
}

/** Guards on, off, or with all that goes with them. */
function guarded(config: EgressConfig, kind: Guarding): EgressConfig {
  switch (kind) {
    case "off":
      return { ...config, guards: { ...config.guards, networkPolicy: false, admission: AdmissionMode.Off } };
    case "monitored":
      return {
        ...config,
        guards: { ...config.guards, monitoringNamespaces: ["metrics"], admission: AdmissionMode.Warn },
      };
    case "ranges":
      return {
        ...config,
        gatewayDefaults: { ...config.gatewayDefaults, egressRanges: ["198.19.0.0/16", "2001:db8::/32"] },
        guards: { ...config.guards, clusterRanges: ["198.18.0.0/16"] },
      };
    case "no-dns":
      // Sidecars have no address for a wildcard's names.
      if (Object.values(config.destinations).some(({ hosts = [] }) => hosts.some((host) => host.startsWith("*"))))
        return config;
      return {
        ...config,
        guards: { ...config.guards, clusterDns: false },
        istio: { discoveryIp: "198.18.128.15" },
        gateways: withAddresses(config),
      };
    default:
      return config;
  }
}

function withAddresses({ destinations, gateways }: EgressConfig): EgressConfig["gateways"] {
  const names = new Set(Object.entries(destinations).map(([name, { gateway }]) => gateway ?? name));
  return Object.fromEntries(
    [...names].map((name, n) => [name, { ...gateways?.[name], clusterIp: `198.18.129.${n + 1}` }]),
  );
}

function without(options: GatewayOptions, key: keyof GatewayOptions): GatewayOptions {
  const { [key]: _gone, ...rest } = options;
  return rest;
}

function application(
  draft: ApplicationDraft,
  index: number,
  destinations: readonly Destination[],
  mayLimit: boolean,
): Application {
  const name = `app-${index}`;
  const numbers = [...new Set(draft.allow.map((n) => n % destinations.length))];
  const terms = new Map<string, AllowanceTerms>();
  if (draft.audit !== undefined) terms.set(`d${numbers[0]}`, draft.audit);
  for (const n of draft.limits && mayLimit ? numbers : [])
    if (seesRequestsAlone(destinations[n])) terms.set(`d${n}`, { ...terms.get(`d${n}`), ...draft.limits });
  return {
    namespace: draft.namespace,
    name,
    ...(draft.ownSelector && { selector: { app: name, tier: "web" } }),
    ...(draft.ownAccount && { serviceAccount: `account-${index}` }),
    ...(draft.createServiceAccount && { createServiceAccount: true }),
    allow: numbers.map((n) => `d${n}`),
    ...(terms.size > 0 && { terms: Object.fromEntries(terms) }),
  };
}

function seesRequestsAlone(destination: Destination | undefined): boolean {
  return portsOf(destination ?? {}).every(({ protocol }) => protocol !== undefined && seesRequests(protocol));
}
