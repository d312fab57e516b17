/**
 * What the user writes: stack config and component args share these shapes.
 * Interfaces and string enums only, of the kind that Pulumi's schema inference accepts, so that the same
 * args serve every Pulumi language.
 */

/** The whole configuration of one controlled egress. */
export interface EgressConfig {
  /** How Istio is installed. Defaults to the official charts in a pinned release. */
  istio?: Istio;
  /**
   * Namespace of the egress gateways and of the gateways' side of each destination. Defaults to `external`.
   * No application may live in it.
   */
  gatewayNamespace?: string;
  /**
   * Namespace of the applications' side of each destination; no pod ever runs in it.
   * Defaults to the gateway namespace with the suffix `-routes`, e.g. `external-routes`.
   */
  routesNamespace?: string;
  /**
   * Namespaces that exist already: they are neither created nor labelled here and outlive the stack. Each must carry
   * Istio's injection label by itself. Defaults to none. Example: `["test-app"]`.
   */
  existingNamespaces?: string[];
  /**
   * External destinations by name; the name is a DNS label of at most 46 characters, e.g. `github`.
   * A host may stand in one destination only.
   */
  destinations: Record<string, Destination>;
  /** The applications, each with the destinations that it may reach. Everything else is denied to them. */
  applications: Application[];
  /**
   * Hosts inside the mesh, beside the Services of their own namespace, that the workloads of the application
   * namespaces may call, as `namespace/host` of Istio's `Sidecar.egress.hosts`.
   * Defaults to none. Example: `["shop/orders.shop.svc.cluster.local"]`.
   */
  meshHosts?: string[];
}

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

/** An external destination: hosts that are allowed together. */
export interface Destination {
  /** DNS names, each reached at its own address. At least one, at most 100. Example: `["github.com", "www.github.com"]`. */
  hosts: string[];
  /** Ports of every host. Defaults to 80 (HTTP) and 443 (TLS passthrough). */
  ports?: Port[];
  /**
   * Name of the egress gateway; destinations of the same gateway name share it. Defaults to the destination's own
   * name: a dedicated gateway. The gateway's Service is called `egress-NAME`.
   */
  gateway?: string;
  /**
   * The only applications (`namespace/name`) that may ever be allowed this destination: a second pair of eyes for
   * sensitive ones. Defaults to any application.
   */
  onlyFor?: string[];
}

/** A port of a destination (Istio API, `ServicePort`). */
export interface Port {
  /** 1 to 45535, but none of 15000 to 15100, which Istio's proxies use themselves. */
  number: number;
  /** What the application speaks on it. Defaults to `HTTP` on 80 and `TLS` on 443; to be said for any other port. */
  protocol?: PortProtocol;
}

/** What an application speaks on a port. */
export enum PortProtocol {
  /** Plain HTTP; the egress gateway sees requests. */
  HTTP = "HTTP",
  /** TLS of the application's own, passed through; the egress gateway sees the connection only. */
  TLS = "TLS",
}

/** A workload that may reach destinations. */
export interface Application {
  /** Kubernetes namespace, e.g. `test-app`. */
  namespace: string;
  /** Name, unique in its namespace, e.g. `app-a`. */
  name: string;
  /** Labels that its pods carry (Istio API, `WorkloadSelector.labels`). Defaults to `app: NAME`. */
  selector?: Record<string, string>;
  /**
   * Kubernetes service account of its pods, the identity that the egress gateways admit; never `default`, never one
   * that another application uses. Defaults to the application's name.
   */
  serviceAccount?: string;
  /** Create the service account. Defaults to false: it comes with the workload. */
  createServiceAccount?: boolean;
  /** Names of the destinations it may reach; at least one. */
  allow: string[];
}
