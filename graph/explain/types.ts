/**
 * A question to the mesh and its answer. Both are plain data: a verdict is what `explain --json` prints.
 * Shape after Istio's own simulation (pilot/pkg/simulation: Call, Result), with the deciding object and field beside each stage.
 */

/** The pod that calls. `resolveWorkload` (graph/mesh) fills it from a Deployment, Pod or other owner of pods. */
export interface Workload {
  namespace: string;
  /** Labels of the pod (of a Deployment: its template's). Every selector of Istio looks at these. */
  labels: Record<string, string>;
  /** Name for messages; decides nothing. */
  name?: string;
  /** Default: "default". The principal is `<trust domain>/ns/<namespace>/sa/<serviceAccount>`. */
  serviceAccount?: string;
  /** IP of the pod, if it runs already; only the ipBlocks of AuthorizationPolicies ask for it. */
  ip?: string;
  /** Annotations of the pod: injection and traffic capture (`traffic.sidecar.istio.io/…`). */
  podAnnotations?: Record<string, string>;
  /** PodSpec `hostNetwork`: never injected. */
  hostNetwork?: boolean;
  /** PodSpec `securityContext.runAsUser` of the calling container; 1337 is not captured. */
  runAsUser?: number;
  /** PodSpec `securityContext.runAsGroup`; 1337 is not captured. */
  runAsGroup?: number;
  /**
   * True or false settles whether the pod has a sidecar. Absent: read from the labels of namespace and pod; a namespace without
   * manifest counts as injected, and the path says so.
   */
  injected?: boolean;
}

/** First bytes that the application sends: plaintext HTTP/1.1 or h2c; a TLS ClientHello; anything else. */
export type CallProtocol = "http" | "tls" | "tcp";

export interface Call {
  workload: Workload;
  protocol: CallProtocol;
  /** Name that the application resolves; also default for `authority` (http) and `sni` (tls). */
  host?: string;
  /**
   * IP address dialled. Absent: the address that the mesh knows for `host` (Service clusterIP, ServiceEntry addresses), else one
   * that no object of the mesh names.
   */
  address?: string;
  /** Port dialled, 1 to 65535. */
  port: number;
  /** TLS server name; default `host`. The empty string is a ClientHello without SNI. */
  sni?: string;
  /** HTTP: default "/". */
  path?: string;
  /** HTTP: default "GET". */
  method?: string;
  /** HTTP: names in any case. */
  headers?: Record<string, string>;
  /** HTTP: the whole Host header, port included; default `host`, with `:port` unless 80. */
  authority?: string;
  /** HTTP: default "1.1". Sidecars route neither "1.0" (Istio's PILOT_HTTP10 is off) nor anything else. */
  httpVersion?: "1.0" | "1.1" | "2";
  /**
   * Past the sidecar: the pod opens a TLS session with its own certificate of the mesh, which lies in reach of its containers, and
   * sends the call in it. `sni` is the session's server name. Absent: the call is sent as it is.
   */
  ownCertificate?: { sni: string };
}

/**
 * - `gateway`: leaves the mesh through an egress gateway only.
 * - `direct`: leaves the mesh from the sidecar (or past it) without a gateway.
 * - `in-mesh`: ends at a workload of the mesh that is no gateway.
 * - `blocked`: does not arrive; `where`, `reason` and `seen` say more. A redirect or fixed response is `blocked` with how `answered`.
 * - `unknown`: an input is not known yet, or a feature is not modelled. Never a guess.
 */
export type VerdictKind = "gateway" | "direct" | "in-mesh" | "blocked" | "unknown";

/** The way in which a verdict comes about. */
export type How =
  /** direct: by a service the mesh knows (ServiceEntry, Service without pods). */
  | "service"
  /** direct: no object knows it, the outbound policy lets it pass. */
  | "passthrough"
  /** direct: the sidecar never sees it. */
  | "not-captured"
  /** blocked: the proxy answers by itself (redirect, directResponse, fault). */
  | "answered"
  /** blocked: connection or request refused. */
  | "refused"
  /** unknown: the API server or Envoy would refuse an object that the question meets. */
  | "invalid"
  /** unknown: a value that is not known yet. */
  | "input"
  /** unknown: a feature that is not modelled. */
  | "feature";

/** Stages in the proxies' own order; one file each in graph/explain. */
export type Stage =
  | "capture"
  | "sidecar-scope"
  | "listener"
  | "filter-chain"
  | "virtual-host"
  | "route"
  | "cluster"
  | "network-policy"
  | "transport"
  | "gateway-listener"
  | "authorization"
  | "gateway-route"
  | "exit";

/** One step of the call, decided by one field of one object. */
export interface Hop {
  stage: Stage;
  /** The proxy: "sidecar", or "gateway <namespace>/<service>". */
  at: string;
  /** "Kind namespace/name", or "MeshConfig"; absent if no object decides (a default of Istio does). */
  object?: string;
  /** Path of the deciding field, for example "spec.http[0].route[1].destination.port". */
  field?: string;
  message: string;
  /** Where the object came from: "file:line", a URN, or "live". */
  source?: string;
}

/** One thing that can happen to the call. */
export interface Outcome {
  verdict: VerdictKind;
  how?: How;
  /** The gateway that the call leaves through, "namespace/service"; several hops: the last. */
  gateway?: string;
  /** All gateways passed, in order. */
  gateways: string[];
  /** Where the call arrives, "host:port" (host name where one is known, else address). */
  destination?: string;
  /** The `address:port` outside that an endpoint of the last ServiceEntry says; absent where DNS does. */
  address?: string;
  /** TLS that a proxy of the mesh speaks to the outside; absent: none, so the application's bytes leave as they are. */
  tls?: { mode: "SIMPLE" | "MUTUAL"; sni: string; serverNames: string[] };
  /** The stage that decided a blocked or unknown verdict. */
  where?: Stage;
  /** One sentence: why. For `unknown`: the feature, or the input's path. */
  reason: string;
  /** What the application sees: "HTTP 502", "connection closed", "the destination's answer". */
  seen: string;
  /** First missing link: names objects, fields and the fix. Absent on `gateway` and `in-mesh`. */
  missing?: string;
  /** On `gateway`: what that gateway cannot see, so that an allowed caller may bend it. Absent: it sees all, down to each request. */
  limits?: string[];
  path: Hop[];
  /** True if this is what happens to a copy (mirror) of the request. */
  mirror?: boolean;
}

/**
 * The answer: the worst outcome, and all others beside it. Several arise from weights, mirrors, faults below 100 % and unknown ages.
 * Worst first: direct, unknown, blocked, in-mesh, gateway. (A leak outranks everything; then what nobody can vouch for; then a call
 * that may fail.) Equal kinds: the first found.
 */
export interface Verdict extends Outcome {
  /** Every distinct outcome, this one included, worst first. */
  outcomes: Outcome[];
}
