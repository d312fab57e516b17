import { isLoopback } from "../mesh/addresses";
import { DestinationRule } from "../mesh/destinationRule";
import { seenFrom } from "../mesh/exportTo";
import type { GatewayObject, Server } from "../mesh/gateway";
import { fqdn } from "../mesh/hosts";
import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import { egressGateways, isGateway, isOutside } from "./egressGateways";
import type { Complaint } from "./finding";
import { decided, each, istioObjects, type Rule, type RuleContext } from "./rule";
import { tlsBlocks } from "./tlsBlocks";

const MUTUAL = new Set(["ISTIO_MUTUAL", "MUTUAL"]);

/**
 * Without mutual TLS between sidecar and gateway the gateway does not know who calls, and no rule about callers can
 * hold (Istio docs, "Egress Gateways"; API, `ServerTLSSettings.mode` and `ClientTLSSettings.mode`).
 */
export const mutualTlsToGateway: Rule = {
  code: "mutual-tls-to-gateway",
  *check(context) {
    for (const gateway of egressGateways(context)) {
      if (!context.judged(gateway.object)) continue;
      yield* decided(gateway.object, () => serverComplaints(gateway));
    }
    const services = context.shared(gatewayServices);
    yield* each(context, istioObjects(context, "DestinationRule"), (object) =>
      clientComplaints(context.mesh, services, object),
    );
  },
};

function* serverComplaints(gateway: GatewayObject): Iterable<Complaint> {
  for (const server of gateway.servers) {
    if (MUTUAL.has(server.mode) || server.protocol === "hbone" || server.httpsRedirect || atHome(server)) continue;
    yield {
      object: gateway.object,
      field: server.hasTls ? `${server.field}.tls.mode` : `${server.field}.tls`,
      seen: server.hasTls ? server.mode : "absent",
      message: `port ${server.port} takes calls without the mesh's mutual TLS${consequence(server)}`,
      fix: `Set tls.mode to ISTIO_MUTUAL, with protocol ${server.kind === "http" ? "HTTPS" : "TLS"}`,
    };
  }
}

/** The second pass through a gateway, which other pods cannot dial (Istio API, `Server.bind`). */
function atHome({ bind }: Server): boolean {
  return isLoopback(bind);
}

function consequence({ mode }: Server): string {
  return mode === "PASSTHROUGH"
    ? ": the application's own TLS passes, and its caller stays unknown"
    : ": its caller stays unknown";
}

/** Hosts of Services whose pods are gateways that lead outside. */
function gatewayServices(context: RuleContext): Set<string> {
  const { mesh } = context;
  const namespaces = new Set(mesh.pods.filter(isGateway).map((pods) => pods.namespace));
  const hosts = new Set<string>();
  for (const object of mesh.objects("Service")) {
    if (!namespaces.has(object.namespace)) continue;
    const selector = object.spec.at("selector").rawMap();
    const selected = Object.keys(selector).length === 0 ? [] : mesh.podCandidates(object.namespace, selector);
    if (selected.some(isGateway)) hosts.add(`${object.name}.${object.namespace}.svc.${mesh.config.clusterDomain}`);
  }
  return hosts;
}

function* clientComplaints(mesh: Mesh, services: Set<string>, object: MeshObject): Iterable<Complaint> {
  const host = fqdn(object.spec.at("host").text(), object.namespace, mesh.config.clusterDomain);
  if (!services.has(host) && !leadsToGateway(mesh, services, host, object)) return;
  for (const tls of tlsBlocks(object)) {
    const mode = tls.at("mode").text();
    if (MUTUAL.has(mode)) continue;
    yield {
      object,
      field: `${tls.path}.mode`,
      seen: mode === "" ? "absent, which means DISABLE" : mode,
      message: `calls for ${host} go to the egress gateway without the mesh's mutual TLS`,
      fix: "Set it to ISTIO_MUTUAL",
    };
  }
}

/** A ServiceEntry whose endpoint is a gateway's Service, for calls that the rule can hold for. */
function leadsToGateway(mesh: Mesh, services: Set<string>, host: string, rule: MeshObject): boolean {
  if (!isOutside(mesh, host)) return false;
  const { privateOnly } = new DestinationRule(rule, mesh.config);
  return mesh.services.byHost
    .at(host)
    .filter((service) => !privateOnly || seenFrom(service.exports, rule.namespace))
    .some(
      (service) => service.registry === "external" && service.endpoints.some(({ address }) => services.has(address)),
    );
}
