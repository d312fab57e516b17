/** How Istio gets on the cluster (Istio docs, "Install with Helm"). */
export interface Istio {
  /**
   * Install the charts `base` and `istiod`. Defaults to true. With false the cluster's own Istio is used; its mesh
   * config must say `outboundTrafficPolicy.mode: REGISTRY_ONLY`.
   */
  install?: boolean;
  /** Helm chart repository, `https://…` or `oci://…`. Defaults to Istio's official one. */
  repository?: string;
  /** Version of the charts, e.g. `1.31.0`. Defaults to the release that this package is tested with. */
  version?: string;
  /** Istio's root namespace, where istiod runs. Defaults to `istio-system`. */
  namespace?: string;
  /**
   * Revision of the control plane that injects the proxies. Defaults to none: namespaces are labelled
   * `istio-injection=enabled`. With a revision they are labelled `istio.io/rev=REVISION`.
   */
  revision?: string;
  /** Trust domain of the mesh, the first part of each SPIFFE identity. Defaults to `cluster.local`. */
  trustDomain?: string;
  /** DNS domain of the cluster's Services. Defaults to `cluster.local`. */
  clusterDomain?: string;
  /**
   * Let the sidecars answer their pods' DNS questions (Istio docs, "DNS Proxying"): hosts of ServiceEntries get
   * addresses of their own, so TCP hosts need no `addresses`. Defaults to true if `guards.clusterDns` is false, else to
   * false. With `install: false` the mesh config must say so itself.
   */
  dnsCapture?: boolean;
  /**
   * ClusterIP of istiod's Service, for proxies that may not ask the cluster's DNS; needed with
   * `guards.clusterDns: false`. Example: `198.18.128.15`.
   */
  discoveryIp?: string;
  /** Chart names in the repository, or folders on this machine, when they are not the usual ones. */
  charts?: IstioCharts;
  /** Extra values for each chart, laid over the values that this package sets. */
  values?: IstioValues;
}

/** The chart of each release: a name in the repository, or the path of a folder. */
export interface IstioCharts {
  /** Defaults to `base`. */
  base?: string;
  /** Defaults to `istiod`. */
  istiod?: string;
  /** Defaults to `gateway`. */
  gateway?: string;
}

/** Extra Helm values by chart. */
export interface IstioValues {
  /** Values of the `base` release. Defaults to none. */
  base?: ChartValues;
  /** Values of the `istiod` release. Defaults to none. */
  istiod?: ChartValues;
  /** Values of each egress gateway's release. Defaults to none. */
  gateway?: ChartValues;
}

/** Free-form Helm values. */
export interface ChartValues {
  // biome-ignore lint/suspicious/noExplicitAny: Helm values have no schema, and Pulumi's inference refuses `unknown`.
  [key: string]: any;
}
