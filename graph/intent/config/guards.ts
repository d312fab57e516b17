/** Guards against pods that go around their sidecar or dial gateways that are not theirs. */
export interface Guards {
  /**
   * AuthorizationPolicies of the gateways: the second layer after the identities of their servers, and the only one
   * that knows methods and paths. Defaults to true.
   */
  authorization?: boolean;
  /** PeerAuthentication STRICT in the gateway namespace. Defaults to true. */
  strictMutualTls?: boolean;
  /** NetworkPolicies of the application, gateway and routes namespaces; a network plugin must enforce them. Defaults to true. */
  networkPolicy?: boolean;
  /** ValidatingAdmissionPolicy of the application and routes namespaces. Defaults to `Enforce`. */
  admission?: AdmissionMode;
  /**
   * Let application pods ask the cluster's DNS. With false, names tunnel nothing out: sidecars answer
   * (`istio.dnsCapture`), and `istio.discoveryIp` and each gateway's `clusterIp` must be given. Needs `networkPolicy`.
   * Defaults to true.
   */
  clusterDns?: boolean;
  /**
   * The cluster's own ranges (pods, Services, nodes, metadata services), `IP/PREFIX`, which gateways may not reach.
   * Defaults to the private, shared, loopback and link-local ranges of IPv4 and IPv6.
   */
  clusterRanges?: string[];
  /** Where the cluster's DNS runs. Defaults to pods `k8s-app: kube-dns` of `kube-system`. */
  dns?: DnsPods;
  /** Namespaces whose pods may read the metrics ports (15020, 15090) of gateways and applications. Defaults to none. */
  monitoringNamespaces?: string[];
}

/** Pods of a DNS server. */
export interface DnsPods {
  /** Defaults to `kube-system`. */
  namespace?: string;
  /** Defaults to `k8s-app: kube-dns`. */
  labels?: Record<string, string>;
}

/** What the admission guard does with a pod that opens a way around the sidecar (Kubernetes, `validationActions`). */
export enum AdmissionMode {
  /** Refuse it. */
  Enforce = "Enforce",
  /** Let it in with a warning to whoever made it. */
  Warn = "Warn",
  /** Let it in and note it in the audit log. */
  Audit = "Audit",
  /** No policy. */
  Off = "Off",
}
