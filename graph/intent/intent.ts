import type {
  AdmissionMode,
  AllowanceTerms,
  Autoscaling,
  DnsPods,
  IstioCharts,
  IstioValues,
  PortProtocol,
  Resources,
  Toleration,
} from "./config";

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
  guards: GuardsIntent;
  meshHosts: string[];
}

export interface GuardsIntent {
  authorization: boolean;
  strictMutualTls: boolean;
  networkPolicy: boolean;
  admission: AdmissionMode;
  clusterDns: boolean;
  clusterRanges: string[];
  dns: Required<DnsPods>;
  monitoringNamespaces: string[];
}

export interface IstioIntent {
  install: boolean;
  repository: string;
  version: string;
  namespace: string;
  revision: string | undefined;
  trustDomain: string;
  clusterDomain: string;
  dnsCapture: boolean;
  discoveryIp: string | undefined;
  charts: Required<IstioCharts>;
  values: Required<IstioValues>;
}

export interface DestinationIntent {
  name: string;
  hosts: HostIntent[];
  ports: PortIntent[];
  /** Name of its gateway in `Intent.gateways`. */
  gateway: string;
  checkInnerSni: boolean;
  wildcardTls: boolean;
  sendTracingHeaders: boolean;
  /** The applications that may reach it, sorted as in `Intent`. */
  allowedTo: ApplicationIntent[];
}

export interface HostIntent {
  /** DNS name, wildcard (`*.example.org`), or the made-up name of one address of a CIDR. */
  name: string;
  /** The addresses that applications dial for it, where these tell hosts apart. */
  addresses: string[];
  /** The outside address where it is no matter of DNS: that of a CIDR. */
  endpoint: string | undefined;
}

export interface PortIntent {
  number: number;
  protocol: PortProtocol;
  originateTls: OriginationIntent | undefined;
}

export interface OriginationIntent {
  port: number;
  secret: string | undefined;
  mutual: boolean;
  /** Undefined stands for the host's own name. */
  sni: string | undefined;
  subjectAltNames: string[] | undefined;
  http2: boolean;
}

export interface ApplicationIntent {
  namespace: string;
  name: string;
  selector: Record<string, string>;
  serviceAccount: string;
  createServiceAccount: boolean;
  /** Destination names, sorted. */
  allow: string[];
  /** By destination name. */
  terms: Record<string, AllowanceTerms>;
}

export interface GatewayIntent {
  /** Name in the configuration, e.g. `github`. */
  name: string;
  /** Name of its Helm release, Deployment, Service and service account: `egress-NAME`. */
  service: string;
  /** The ports of its destinations, each number once, sorted. */
  ports: PortIntent[];
  options: GatewayOptionsIntent;
}

export interface GatewayOptionsIntent {
  replicas: number;
  autoscaling: Required<Autoscaling> | undefined;
  minAvailable: number | undefined;
  spread: boolean;
  resources: Resources;
  nodeSelector: Record<string, string>;
  tolerations: Toleration[];
  serviceAnnotations: Record<string, string>;
  clusterIp: string | undefined;
  drainSeconds: number;
  egressRanges: string[] | undefined;
}
