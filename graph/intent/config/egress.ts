import type { Application } from "./application";
import type { Destination } from "./destination";
import type { GatewayOptions } from "./gateway";
import type { Guards } from "./guards";
import type { Istio } from "./istio";

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
  /** Options of egress gateways by name, over `gatewayDefaults`. Each name must be some destination's gateway. */
  gateways?: Record<string, GatewayOptions>;
  /** Options of every egress gateway. Defaults to two replicas with a PodDisruptionBudget, spread over nodes. */
  gatewayDefaults?: GatewayOptions;
  /** What stands in the way of a hostile pod, beside the mesh. All on by default. */
  guards?: Guards;
  /**
   * Hosts inside the mesh, beside the Services of their own namespace, that the workloads of the application
   * namespaces may call, as `namespace/host` of Istio's `Sidecar.egress.hosts`.
   * Defaults to none. Example: `["shop/orders.shop.svc.cluster.local"]`.
   */
  meshHosts?: string[];
}
