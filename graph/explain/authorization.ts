/**
 * Stage "authorization": AuthorizationPolicies at a gateway.
 * Istio API `AuthorizationPolicy`; docs "Authorization Policy", "Security policy TCP"; `pilot/pkg/security/authz/{builder,model}`,
 * `model/policyattachment.go: ShouldAttachPolicy`.
 */
import { fits } from "../mesh/labels";
import type { MeshObject } from "../mesh/object";
import type { GatewayProxy } from "./gatewayProxy";
import { findRule } from "./policyIndex";
import { type Facts, ruleAllows, ruleAllowsOtherRequests, ruleDenies } from "./policyRules";
import type { Outcome } from "./types";
import type { Walk } from "./walk";

/** An outcome if a policy refuses the call; undefined: it may pass. */
export function authorization(walk: Walk, gateway: GatewayProxy, facts: Facts): Outcome | undefined {
  const policies = selected(walk, gateway);
  const by = (action: string): MeshObject[] => policies.filter((policy) => actionOf(policy) === action);
  for (const policy of by("CUSTOM")) {
    if (findRule(policy, facts, ruleDenies) !== undefined)
      throw walk.unmodelled("authorization", "AuthorizationPolicy of action CUSTOM", policy, "spec.action");
  }
  for (const policy of by("DENY").filter((p) => !isDryRun(p))) {
    const index = findRule(policy, facts, ruleDenies);
    if (index !== undefined)
      return refuse(walk, facts, policy, `spec.rules[${index}]`, `${policy.id} spec.rules[${index}] denies the call`);
  }
  return allow(walk, facts, by("ALLOW"), gateway);
}

/** With an ALLOW policy selected, one rule of one of them must match; without any, everything passes. */
function allow(walk: Walk, facts: Facts, all: MeshObject[], gateway: GatewayProxy): Outcome | undefined {
  const policies = all.filter((policy) => !isDryRun(policy));
  if (policies.length === 0) {
    walk.hop(
      "authorization",
      "no AuthorizationPolicy of action ALLOW selects the gateway: whom its server admits may use it",
    );
    return undefined;
  }
  for (const policy of policies) {
    const index = findRule(policy, facts, ruleAllows);
    if (index !== undefined) {
      walk.hop("authorization", "allowed", policy, `spec.rules[${index}]`);
      return undefined;
    }
  }
  return refuseUnlisted(walk, facts, policies, gateway);
}

/** No rule fits. Named first: the rule that only lacks this method or path, then policies that have rules at all. */
function refuseUnlisted(walk: Walk, facts: Facts, policies: MeshObject[], gateway: GatewayProxy): Outcome {
  const who = facts.identity ?? "a caller without certificate";
  const what = facts.http
    ? `${facts.method} ${facts.host}${facts.path}`
    : `SNI ${facts.sni === "" ? "none" : facts.sni}`;
  for (const policy of policies) {
    const index = findRule(policy, facts, ruleAllowsOtherRequests);
    if (index === undefined) continue;
    const field = `spec.rules[${index}]`;
    const why = `${policy.id} ${field} allows ${who} other methods or paths of the host, but not ${what}`;
    return refuse(walk, facts, policy, `${field}.to`, why);
  }
  const speaking = policies.filter((policy) => policy.spec.at("rules").list().length > 0);
  const named = speaking.length > 0 ? speaking : policies;
  const more = named.length > 3 ? ` and ${named.length - 3} more` : "";
  const names = named
    .slice(0, 3)
    .map((policy) => policy.id)
    .join(", ");
  const why =
    speaking.length > 0
      ? `no rule of ${names}${more} allows ${who} ${what} on port ${facts.port} of ${gateway.name}`
      : `${names}${more} denies every call, and no other policy of action ALLOW selects the pods of ${gateway.name}: add one that allows ${who} ${what} on port ${facts.port}`;
  return refuse(walk, facts, named[0] as MeshObject, "spec.rules", why);
}

function refuse(walk: Walk, facts: Facts, policy: MeshObject, field: string, why: string): Outcome {
  walk.hop("authorization", why, policy, field);
  return walk.blocked(facts.http ? "HTTP 403" : walk.failed, why);
}

function actionOf(policy: MeshObject): string {
  return policy.spec.at("action").text() || "ALLOW";
}

function isDryRun(policy: MeshObject): boolean {
  return policy.annotation("istio.io/dry-run") === "true";
}

function selected(walk: Walk, gateway: GatewayProxy): MeshObject[] {
  gateway.known.policies ??= findSelected(walk, gateway);
  return gateway.known.policies;
}

/** Policies of the root namespace and the gateway's. */
function findSelected(walk: Walk, gateway: GatewayProxy): MeshObject[] {
  const { namespace, labels } = gateway.group;
  const namespaces = new Set([walk.mesh.config.rootNamespace, namespace]);
  return [...namespaces]
    .flatMap((place) => walk.mesh.policyCandidates(place, labels))
    .filter((policy) => selects(policy, gateway));
}

function selects(policy: MeshObject, { group }: GatewayProxy): boolean {
  const refs = [...policy.spec.at("targetRefs").list(), policy.spec.at("targetRef")].filter((ref) => ref.present);
  if (refs.length > 0) {
    // Only pods that istiod knows to belong to a Gateway API Gateway heed targetRefs.
    const name = group.labels["gateway.networking.k8s.io/gateway-name"];
    return (
      name !== undefined &&
      policy.namespace === group.namespace &&
      refs.some((ref) => ref.at("kind").text() === "Gateway" && ref.at("name").text() === name)
    );
  }
  const selector = policy.spec.at("selector").at("matchLabels");
  return fits(selector.rawMap(), group.labels, { object: policy.id, field: selector.path });
}
