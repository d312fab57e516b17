import fc from "fast-check";
import type { AllowanceTerms, Application, EgressConfig, GatewayOptions } from "../../graph";
import { destinationsOf, draftDestination, gatewayOf } from "./arbitraryDestination";

/*
 * Random valid configurations: small, but with all that can vary: destinations, several namespaces,
 * destinations that nobody may use, applications with selectors and accounts of their own, options of gateways, and
 * terms of allowances.
 */

const draftApplication = fc.record({
  namespace: fc.constantFrom("shop", "bank", "test-app"),
  ownSelector: fc.boolean(),
  ownAccount: fc.boolean(),
  createServiceAccount: fc.boolean(),
  allow: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 }),
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

export const arbitraryConfig: fc.Arbitrary<EgressConfig> = fc
  .record({
    destinations: fc.array(draftDestination, { minLength: 1, maxLength: 6 }),
    applications: fc.array(draftApplication, { minLength: 1, maxLength: 6 }),
    gatewayNamespace: fc.constantFrom(undefined, "egress"),
    meshHosts: fc.option(fc.constant<string[]>(["infra/metrics.infra.svc.cluster.local"]), { nil: undefined }),
    gatewayDefaults: fc.option(gatewayOptions, { nil: undefined }),
    gateway: fc.option(gatewayOptions, { nil: undefined }),
    clusterIp: fc.constantFrom(undefined, "198.18.128.20", "2001:db8::20"),
  })
  .map(({ destinations, applications, gatewayNamespace, meshHosts, gatewayDefaults, gateway, clusterIp }) => ({
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
    destinations: destinationsOf(destinations),
    applications: applications.map((draft, index) => application(draft, index, destinations.length)),
  }));

function without(options: GatewayOptions, key: keyof GatewayOptions): GatewayOptions {
  const { [key]: _gone, ...rest } = options;
  return rest;
}

function application(draft: ApplicationDraft, index: number, destinations: number): Application {
  const name = `app-${index}`;
  const allow = [...new Set(draft.allow.map((n) => `d${n % destinations}`))];
  return {
    namespace: draft.namespace,
    name,
    ...(draft.ownSelector && { selector: { app: name, tier: "web" } }),
    ...(draft.ownAccount && { serviceAccount: `account-${index}` }),
    ...(draft.createServiceAccount && { createServiceAccount: true }),
    allow,
    ...(draft.audit !== undefined && { terms: { [allow[0] ?? ""]: draft.audit } }),
  };
}
