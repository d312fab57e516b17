/** An external destination: hosts that are allowed together. It names `hosts`, `cidrs`, or both. */
export interface Destination {
  /**
   * DNS names, each reached at its own address; at most 100. A wildcard stands for every name under it, but not for
   * the name itself. Examples: `["github.com", "www.github.com"]`, `["*.example.org"]`.
   */
  hosts?: string[];
  /**
   * Addresses, `IP/PREFIX`, for TCP ports only; each address becomes a host of its own, since a gateway cannot keep
   * the address that was dialled (Istio API, `ServiceEntry.addresses`). At most 64 addresses in all. IPv4 or IPv6.
   */
  cidrs?: string[];
  /**
   * The addresses that applications dial, by host: needed for hosts with a TCP port, unless `istio.dnsCapture` is on,
   * since nothing else in a TCP connection tells hosts apart. Example: `{"db.example.org": ["198.51.100.7"]}`.
   */
  addresses?: Record<string, string[]>;
  /** Ports of every host. Defaults to 80 (HTTP) and 443 (TLS passthrough); to be said with `cidrs`. */
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
  /**
   * On TLS ports, let the gateway read the SNI of the application's own TLS too, so that an allowed connection carries
   * TLS to that host and nothing else. Costs a second pass through the gateway. Defaults to false.
   */
  checkInnerSni?: boolean;
  /**
   * Allow TLS ports on wildcard hosts. It needs an EnvoyFilter, which Istio may break at any upgrade, and trusts
   * whoever controls DNS under the wildcard. Defaults to false: such ports are refused.
   */
  wildcardTls?: boolean;
  /** Let tracing headers (`traceparent`, `x-b3-*`, `x-request-id` …) leave with HTTP calls. Defaults to false. */
  sendTracingHeaders?: boolean;
}

/** A port of a destination (Istio API, `ServicePort`). */
export interface Port {
  /** 1 to 65535, but none of 15000 to 15100, which Istio's proxies use themselves. */
  number: number;
  /** What the application speaks on it. Defaults to `HTTP` on 80 and `TLS` on 443; to be said for any other port. */
  protocol?: PortProtocol;
  /** On HTTP, HTTP2 and GRPC ports: the gateway speaks TLS to the outside. Defaults to none: as the application spoke. */
  originateTls?: TlsOrigination;
}

/** What an application speaks on a port. */
export enum PortProtocol {
  /** Plain HTTP/1.1; the egress gateway sees requests. */
  HTTP = "HTTP",
  /** HTTP/2 without TLS, by prior knowledge; the egress gateway sees requests. */
  HTTP2 = "HTTP2",
  /** gRPC without TLS; the egress gateway sees requests. */
  GRPC = "GRPC",
  /** TLS of the application's own, passed through; the egress gateway sees the connection only. */
  TLS = "TLS",
  /** Any bytes; the egress gateway sees the connection only. */
  TCP = "TCP",
}

/** TLS from the egress gateway to the outside, always verified (Istio API, `ClientTLSSettings`). */
export interface TlsOrigination {
  /** Port of the outside server. Defaults to 443. */
  port?: number;
  /**
   * Secret in the gateway namespace with the CA (`ca.crt`) and, with `mutual`, the client's certificate (`tls.crt`,
   * `tls.key`). Defaults to none: the CAs of the proxy's image.
   */
  secret?: string;
  /** Present the client certificate of the Secret. Defaults to false. */
  mutual?: boolean;
  /** Server name asked for. Defaults to the host; none may be given for wildcard hosts. */
  sni?: string;
  /** Names of which the server's certificate must bear one. Defaults to the host; none may be given for wildcard hosts. */
  subjectAltNames?: string[];
  /** Speak HTTP/2 to the outside. Defaults to false for HTTP, to true for HTTP2 and GRPC. */
  http2?: boolean;
}
