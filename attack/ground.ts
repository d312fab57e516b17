/** A layout under attack, by the names that attempts need: ours, or the demo's original one. */
export interface Ground {
  title: string;
  /** Namespace of the applications. */
  namespace: string;
  /** The attacker's application: its pods' label `app`, and its service account. */
  application: string;
  /** An application that is allowed other hosts; same namespace. */
  otherApplication: string;
  gatewayNamespace: string;
  /** Namespace in which no pod may run. Undefined where a layout has none. */
  routes: string | undefined;
  /** Gateway of the attacker's application: name of Service, Deployment and label `app`. */
  gateway: string;
  otherGateway: string;
  /** Container ports of the gateways for HTTP and TLS. */
  containerPorts: { http: number; tls: number };
  /** A host that the attacker's application may reach, over HTTP and HTTPS. */
  allowed: string;
  /** A host that only the other application may reach. */
  other: string;
  /** A host of which the application may GET `/api/*` over HTTP, and nothing else, and its gateway. Undefined where a layout has no such limits. */
  limited: { host: string; gateway: string } | undefined;
  /** A host whose inner SNI the gateway checks. Undefined where a layout has no such check. */
  checked: string | undefined;
}

/** A host that nobody may reach. */
export const FORBIDDEN = "evil.example";

/** Namespaces of the attacks' own pods: one injected but not controlled, one without injection. */
export const ELSEWHERE = "attack-elsewhere";
export const BARE = "attack-bare";
