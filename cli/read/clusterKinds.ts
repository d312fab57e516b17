/** A kind of the Kubernetes API as RBAC names it; group "" is the core. */
export interface ClusterKind {
  group: string;
  kind: string;
  /** Plural, lower case: what a ClusterRole names. */
  resource: string;
  /** Narrows a list on the server. */
  labelSelector?: string;
}

/**
 * Every kind that an answer may depend on, and nothing else; docs/clusterrole.yaml allows the same. Objects of one name
 * (the ConfigMap `istio`) are got by it, so that no other may be seen.
 */
export const CLUSTER_KINDS: readonly ClusterKind[] = [
  ...kinds("", {
    Namespace: "namespaces",
    Pod: "pods",
    ReplicationController: "replicationcontrollers",
    Service: "services",
    ServiceAccount: "serviceaccounts",
  }),
  ...kinds("apps", {
    DaemonSet: "daemonsets",
    Deployment: "deployments",
    ReplicaSet: "replicasets",
    StatefulSet: "statefulsets",
  }),
  ...kinds("batch", { CronJob: "cronjobs", Job: "jobs" }),
  ...kinds("argoproj.io", { Rollout: "rollouts" }),
  {
    group: "discovery.k8s.io",
    kind: "EndpointSlice",
    resource: "endpointslices",
    // Of Services without selector alone: those of the others say no more than their selector and the pods.
    labelSelector: "endpointslice.kubernetes.io/managed-by!=endpointslice-controller.k8s.io",
  },
  ...kinds("networking.k8s.io", { NetworkPolicy: "networkpolicies" }),
  ...kinds("admissionregistration.k8s.io", {
    ValidatingAdmissionPolicy: "validatingadmissionpolicies",
    ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
  }),
  ...kinds("networking.istio.io", {
    DestinationRule: "destinationrules",
    EnvoyFilter: "envoyfilters",
    Gateway: "gateways",
    ServiceEntry: "serviceentries",
    Sidecar: "sidecars",
    VirtualService: "virtualservices",
    WorkloadEntry: "workloadentries",
  }),
  ...kinds("security.istio.io", {
    AuthorizationPolicy: "authorizationpolicies",
    PeerAuthentication: "peerauthentications",
  }),
  ...kinds("gateway.networking.k8s.io", {
    Gateway: "gateways",
    GRPCRoute: "grpcroutes",
    HTTPRoute: "httproutes",
    TCPRoute: "tcproutes",
    TLSRoute: "tlsroutes",
  }),
];

/** MeshConfig (Istio docs, "Global Mesh Options"). */
export const MESH_CONFIG = { namespace: "istio-system", name: "istio" };

function kinds(group: string, resources: Record<string, string>): ClusterKind[] {
  return Object.entries(resources).map(([kind, resource]) => ({ group, kind, resource }));
}
