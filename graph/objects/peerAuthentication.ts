import type { Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { meta } from "./meta";

/**
 * No plaintext into any pod of the gateway namespace (Istio API, `PeerAuthentication`). The gateways' own servers
 * demand mutual TLS by themselves; this holds for whatever else comes to run beside them. Istio's docs name the policy
 * of a whole namespace `default`.
 */
export function strictMutualTls(intent: Intent): Manifest {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: meta(intent.gatewayNamespace, "default"),
    spec: { mtls: { mode: "STRICT" } },
  };
}
