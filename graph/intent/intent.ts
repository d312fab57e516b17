import type { IstioCharts, IstioValues, PortProtocol } from "./config";

/** What the user wants, validated and with every default filled in: the one input of `graph/objects`. */
export interface Intent {
  istio: IstioIntent;
  gatewayNamespace: string;
  routesNamespace: string;
  /** Namespaces of applications, sorted. */
  applicationNamespaces: string[];
  /** Namespaces that are neither created nor labelled. */
  existingNamespaces: string[];
  /** Sorted by name. */
  destinations: DestinationIntent[];
  /** Sorted by namespace and name. */
  applications: ApplicationIntent[];
  /** Sorted by name; those of the destinations, each once. */
  gateways: GatewayIntent[];
  meshHosts: string[];
}

export interface IstioIntent {
  install: boolean;
  repository: string;
  version: string;
  namespace: string;
  revision: string | undefined;
  trustDomain: string;
  clusterDomain: string;
  charts: Required<IstioCharts>;
  values: Required<IstioValues>;
}

export interface DestinationIntent {
  name: string;
  hosts: string[];
  ports: PortIntent[];
  /** Name of its gateway in `Intent.gateways`. */
  gateway: string;
  /** The applications that may reach it, sorted as in `Intent`. */
  allowedTo: ApplicationIntent[];
}

export interface PortIntent {
  number: number;
  protocol: PortProtocol;
}

export interface ApplicationIntent {
  namespace: string;
  name: string;
  selector: Record<string, string>;
  serviceAccount: string;
  createServiceAccount: boolean;
  /** Destination names, sorted. */
  allow: string[];
}

export interface GatewayIntent {
  /** Name in the configuration, e.g. `github`. */
  name: string;
  /** Name of its Helm release, Deployment, Service and service account: `egress-NAME`. */
  service: string;
  /** The ports of its destinations, each number once, sorted. */
  ports: PortIntent[];
}
