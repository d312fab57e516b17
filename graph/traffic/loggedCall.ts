/** What came of a call, and which proxy says so. */

/** `denied`: by a rule of the mesh; `failed`: allowed, but it did not arrive. */
export type CallOutcome = "allowed" | "denied" | "failed";

/** What decided; the words are for people. */
export const REASONS = {
  arrived: "arrived",
  silent: "a connection without a byte",
  forwarded: "left the sidecar; no gateway's log has it",
  passthrough: "left directly: the mesh lets unknown hosts out (ALLOW_ANY)",
  "unknown-host": "the sidecar knows no such host (REGISTRY_ONLY)",
  "no-route": "no route for this host and port",
  "no-cluster": "the route leads nowhere: its cluster is not there",
  "no-server": "the gateway has no server for this name",
  identity: "no byte passed: the caller's identity was refused in the TLS handshake",
  "inner-name": "inside the tunnel was no TLS to this host",
  authorization: "refused by AuthorizationPolicy",
  "rate-limit": "refused by a rate limit",
  upstream: "the destination did not answer",
  gateway: "the gateway did not answer",
  protocol: "no valid request",
} as const;

export type Reason = keyof typeof REASONS;

/** One call, as the line that counts for it tells. */
export interface LoggedCall {
  /** Who called: "namespace/account" of its identity; an IP address or "unknown" where no line names one. */
  caller: string;
  /** What was asked for: a name, or the address dialled. */
  host: string;
  /** Port dialled; absent where the line does not say. */
  port?: number;
  /** What the caller spoke; absent where a gateway sees bytes alone. */
  protocol?: "http" | "tls" | "tcp";
  outcome: CallOutcome;
  /** The proxy that counts it. */
  by: "sidecar" | "gateway";
  /** "namespace/name" of the gateway, where known. */
  gateway?: string;
  reason: Reason;
  /** When it began, RFC 3339 in UTC; empty where the line does not say. */
  time: string;
}
