import { fqdn, isWildcard } from "../mesh/hosts";
import type { MeshObject } from "../mesh/object";
import type { Value } from "../mesh/value";
import type { Complaint } from "./finding";
import { each, istioObjects, type Rule, type RuleContext } from "./rule";
import { tlsBlocks } from "./tlsBlocks";

/**
 * TLS that a sidecar or gateway starts is encrypted but proves nothing unless authority, name and SNI are given (Istio
 * docs, "Security Best Practices: Configure TLS verification in Destination Rule when using TLS origination").
 */
export const verifiedTlsOrigination: Rule = {
  code: "verified-tls-origination",
  *check(context) {
    yield* each(context, istioObjects(context, "DestinationRule"), (object) => complaints(context, object));
  },
};

function* complaints({ mesh }: RuleContext, object: MeshObject): Iterable<Complaint> {
  const host = fqdn(object.spec.at("host").text(), object.namespace, mesh.config.clusterDomain);
  if (host.endsWith(`.svc.${mesh.config.clusterDomain}`)) return;
  for (const tls of tlsBlocks(object)) {
    const mode = tls.at("mode").text();
    if (mode !== "SIMPLE" && mode !== "MUTUAL") continue;
    const missing = [...missingParts(tls, host, entryNames(mesh, host))];
    if (missing.length === 0) continue;
    yield {
      object,
      field: tls.path,
      seen: `mode ${mode} without ${missing.map(([what]) => what).join(", ")}`,
      message: `calls to ${host} are encrypted, but whoever answers is not checked`,
      fix: `Set ${missing.map(([, fix]) => fix).join(", ")}`,
    };
  }
}

function* missingParts(tls: Value, host: string, names: string[]): Iterable<[what: string, fix: string]> {
  if (tls.at("insecureSkipVerify").flag()) yield ["verification", "insecureSkipVerify to false"];
  if (tls.at("caCertificates").text() === "" && tls.at("credentialName").text() === "")
    yield ["CA", "caCertificates (a file, or `system`) or credentialName"];
  // A wildcard has no one name: with neither, Istio sends and checks the Host of each request (`core/cluster_tls.go:
  // setAutoSniAndAutoSanValidation`), which is the best that can be had.
  if (isWildcard(host) && !tls.at("subjectAltNames").present && tls.at("sni").text() === "") return;
  if (tls.at("subjectAltNames").texts().length === 0 && names.length === 0) yield ["SAN", "subjectAltNames"];
  if (tls.at("sni").text() === "") yield ["SNI", "sni"];
}

/** A ServiceEntry's own names are demanded where the rule lists none (Istio API, `ServiceEntry.subjectAltNames`). */
function entryNames(mesh: RuleContext["mesh"], host: string): string[] {
  return mesh.services.byHost.at(host).flatMap((service) => service.subjectAltNames);
}
