import { isLoopback, normalAddress } from "../mesh/addresses";
import type { GatewayObject, Server } from "../mesh/gateway";
import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import type { Value } from "../mesh/value";
import { egressGateways } from "./egressGateways";
import type { Complaint } from "./finding";
import { allowsInForce, podsOf, policiesOfPods } from "./gatewayPolicies";
import { decided, type Rule } from "./rule";

/**
 * Who may dial a gateway's Service is decided at the gateway alone: by the identities that a server demands (Istio
 * API, `ServerTLSSettings.subjectAltNames`) or by AuthorizationPolicies (Istio docs, "Authorization Policy"). Without
 * either every workload of the mesh may use every destination behind it.
 */
export const gatewayAuthorizesCallers: Rule = {
  code: "gateway-authorizes-callers",
  *check(context) {
    for (const gateway of egressGateways(context)) {
      if (!context.judged(gateway.object)) continue;
      yield* decided(gateway.object, () => complaints(context.mesh, gateway));
    }
  },
};

/** Servers on the loopback have no caller but the gateway itself. */
function* complaints(mesh: Mesh, gateway: GatewayObject): Iterable<Complaint> {
  const open = gateway.servers.filter((server) => !isLoopback(server.bind) && !namesCallers(server));
  if (open.length === 0) return;
  // Every pod that the Gateway configures takes calls, so that each needs its policy.
  const guards = podsOf(mesh, gateway)
    .map((pods) => policiesOfPods(mesh, pods))
    .filter((policies) => !policies.some(deniesOthers))
    .map((policies) => policies.filter(allows));
  if (guards.some((allowing) => allowing.length === 0)) yield unguarded(gateway, open);
  for (const policy of new Set(guards.flat())) yield* anonymousRules(gateway, policy);
}

function allows(policy: MeshObject): boolean {
  return policy.spec.at("action").text() === "CUSTOM" || allowsInForce(policy);
}

function namesCallers(server: Server): boolean {
  return (
    ["ISTIO_MUTUAL", "MUTUAL"].includes(server.mode) &&
    server.subjectAltNames.some((name) => name !== "*" && name !== "")
  );
}

function unguarded(gateway: GatewayObject, open: Server[]): Complaint {
  const ports = [...new Set(open.map((server) => server.port))].join(", ");
  return {
    object: gateway.object,
    field: open[0]?.field ?? "spec.servers",
    seen: "no subjectAltNames, no AuthorizationPolicy with action ALLOW for its pods",
    message: `every workload of the mesh may use what is behind port ${ports}`,
    fix: `Add an AuthorizationPolicy for the pods of ${gateway.key} that names the principals of its callers, or tls.subjectAltNames to the server`,
  };
}

/** An ALLOW rule must say from whom; a CUSTOM policy leaves that to its provider. */
function* anonymousRules(gateway: GatewayObject, policy: MeshObject): Iterable<Complaint> {
  if (policy.spec.at("action").text() === "CUSTOM") return;
  for (const rule of policy.spec.at("rules").list()) {
    const from = rule.at("from").list();
    if (from.length > 0 && from.every((each) => namesIdentity(each.at("source")))) continue;
    yield {
      object: policy,
      field: from.length === 0 ? rule.path : `${rule.path}.from`,
      seen: from.length === 0 ? "no from" : "no principals, serviceAccounts or namespaces",
      message: `the rule lets any workload of the mesh use the egress gateway ${gateway.key}`,
      fix: "Name the callers in from[].source.principals",
    };
  }
}

/** The pod's own second pass comes from its loopback address, which nobody else can use. */
function namesIdentity(source: Value): boolean {
  const blocks = source.at("ipBlocks").texts();
  if (blocks.length > 0 && blocks.every((block) => isLoopback(normalAddress(block) ?? ""))) return true;
  return ["principals", "serviceAccounts", "namespaces"].some((key) => {
    const names = source.at(key).texts();
    return names.length > 0 && names.every((name) => name !== "*" && name !== "");
  });
}

/** A DENY of everybody but the named, without further conditions, admits the named only. */
function deniesOthers(policy: MeshObject): boolean {
  if (policy.spec.at("action").text() !== "DENY") return false;
  return policy.spec
    .at("rules")
    .list()
    .some((rule) => {
      const sources = rule
        .at("from")
        .list()
        .map((each) => each.at("source"));
      const narrowed = rule.at("to").list().length > 0 || rule.at("when").list().length > 0;
      return (
        !narrowed &&
        sources.some(
          (source) => source.at("notPrincipals").texts().length > 0 || source.at("notNamespaces").texts().length > 0,
        )
      );
    });
}
