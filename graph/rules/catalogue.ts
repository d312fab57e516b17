/** What a rule does to a stack that breaks it: stop it, or say so. Pulumi's own words (Pulumi docs, "Policy enforcement levels"). */
export type Level = "mandatory" | "advisory";

export interface RuleEntry {
  /** Level, where the configuration says no other. */
  level: Level;
  /** What holds where the rule is kept. */
  sentence: string;
  /** What to do in general; a finding says it for its object. */
  remedy: string;
}

/** Every rule by its code. A code is public: it stands in configurations and in docs/rules.md, and is never used again. */
export const CATALOGUE = {
  "service-entry-routed-by-egress-gateway": {
    level: "mandatory",
    sentence: "Every ServiceEntry outside the mesh is reached only through an egress gateway.",
    remedy: "Declare the host as a destination of the egress configuration, or route it to an egress gateway.",
  },
  "service-entry-fails-closed": {
    level: "advisory",
    sentence: "A ServiceEntry leads to the egress gateway by itself, not by a separate route that may be missing.",
    remedy: "Let the ServiceEntry's endpoint be the gateway's Service, or stop direct egress by a NetworkPolicy.",
  },
  "no-open-outbound-policy": {
    level: "mandatory",
    sentence: "No mesh config and no Sidecar lets pods call hosts that the mesh does not know.",
    remedy: "Set outboundTrafficPolicy.mode to REGISTRY_ONLY.",
  },
  "namespace-denies-by-default": {
    level: "mandatory",
    sentence: "Every namespace with sidecars has a Sidecar for the pods that no other Sidecar selects.",
    remedy: "Add a Sidecar without workloadSelector that imports the namespace's own Services only.",
  },
  "no-unbounded-service-entry": {
    level: "mandatory",
    sentence: "No ServiceEntry stands for everything, or for more addresses than the option allows.",
    remedy: "Name the hosts, and the addresses of TCP ports.",
  },
  "gateway-hosts-not-any": {
    level: "mandatory",
    sentence: "An egress gateway names the hosts that it serves.",
    remedy: "Write the hosts into the servers of the Gateway.",
  },
  "gateway-authorizes-callers": {
    level: "mandatory",
    sentence: "An egress gateway admits named callers only.",
    remedy: "Add an AuthorizationPolicy of principals, or subjectAltNames to the servers of the Gateway.",
  },
  "mutual-tls-to-gateway": {
    level: "mandatory",
    sentence: "Applications reach an egress gateway by the mesh's mutual TLS, so that it knows the caller.",
    remedy: "Set tls.mode ISTIO_MUTUAL in the Gateway's servers and in the DestinationRule of the applications.",
  },
  "gateway-denies-by-default": {
    level: "advisory",
    sentence: "An egress gateway denies everybody, even while the policy that allows its callers is missing.",
    remedy: "Add an AuthorizationPolicy with an empty spec to the gateways' namespace.",
  },
  "gateway-namespace-strict-mutual-tls": {
    level: "advisory",
    sentence: "No pod of the egress gateways' namespace takes plaintext.",
    remedy: "Add a PeerAuthentication with mtls.mode STRICT to the gateways' namespace.",
  },
  "sni-rule-names-ports": {
    level: "mandatory",
    sentence: "A rule that allows connections by their SNI names the ports, so that it allows no requests.",
    remedy: "Name the container ports of the gateway's TLS servers in the rule.",
  },
  "path-limits-normalized": {
    level: "mandatory",
    sentence: "Where an egress gateway limits paths, the mesh decodes them before it compares.",
    remedy: "Set pathNormalization.normalization to DECODE_AND_MERGE_SLASHES in the mesh config.",
  },
  "verified-tls-origination": {
    level: "mandatory",
    sentence: "TLS that a proxy starts to the outside checks who answers: CA, SAN and SNI are set.",
    remedy: "Set caCertificates or credentialName, subjectAltNames and sni in the DestinationRule.",
  },
  "no-conflicting-hosts": {
    level: "mandatory",
    sentence: "No host is declared twice for the same workloads, since Istio then takes one and drops the other.",
    remedy: "Keep one declaration, or make exportTo disjoint.",
  },
  "no-capture-exclusions": {
    level: "mandatory",
    sentence: "No pod of a controlled namespace sends traffic past its sidecar.",
    remedy: "Remove the annotation, label or security setting.",
  },
  "namespace-guarded-by-network-policy": {
    level: "advisory",
    sentence: "The network lets no pod of a controlled namespace go outside by itself.",
    remedy: "Add a NetworkPolicy for all pods that allows DNS, istiod, the mesh and the egress gateways only.",
  },
  "namespace-guarded-by-admission-policy": {
    level: "advisory",
    sentence: "No pod may be made in a controlled namespace that stands outside of its sidecar and network policies.",
    remedy: "Turn on guards.admission, or exempt the namespace where another policy engine does the same.",
  },
  "allowance-not-expired": {
    level: "mandatory",
    sentence: "No allowance outlives its last day.",
    remedy: "Remove the allowance or set a later day.",
  },
  "allowance-expires-soon": {
    level: "advisory",
    sentence: "An allowance whose last day is near is said in time.",
    remedy: "Remove the allowance or set a later day.",
  },
  "opaque-release": {
    level: "advisory",
    sentence: "A Helm Release shows its chart and values only: what it installs is not judged.",
    remedy: "Name a folder of its rendered manifests in the option `manifests`, or exempt the release with a reason.",
  },
} as const satisfies Record<string, RuleEntry>;

export type RuleCode = keyof typeof CATALOGUE;

export const RULE_CODES = Object.keys(CATALOGUE) as RuleCode[];
