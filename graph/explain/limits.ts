/**
 * What the gateway that a call leaves through cannot see, so that an allowed caller may bend it (Istio docs, "Egress Gateways with TLS
 * Origination" and "Wildcard egress"; Envoy docs, `tls_inspector`, `sni_dynamic_forward_proxy`).
 */
import type { Service } from "../mesh/service";
import type { Wire } from "./gatewayProxy";
import type { Walk } from "./walk";

export function limitsOf(walk: Walk, service: Service, wire: Wire): string[] | undefined {
  const limits = [...contentLimits(walk, wire), ...addressLimits(service)];
  return limits.length === 0 ? undefined : limits;
}

function contentLimits(walk: Walk, { tls, payload }: Wire): string[] {
  if (tls.some(({ kind }) => kind === "application"))
    return walk.innerSniRead
      ? ["requests inside the application's TLS: their Host header may name another site that the same server serves"]
      : [
          "the server name and the requests inside the application's TLS: whoever holds the caller's certificate may send anything to this host and port",
        ];
  return payload === "tcp" ? ["what the bytes mean: an allowed caller may send anything to this host and port"] : [];
}

function addressLimits({ host, resolution }: Service): string[] {
  return resolution === "DYNAMIC_DNS"
    ? [`whose address a name under ${host} has: whoever controls its DNS decides where the call arrives`]
    : [];
}
