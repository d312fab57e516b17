/**
 * Stage "authorization": AuthorizationPolicies at a gateway.
 * Istio API `AuthorizationPolicy`; docs "Authorization Policy", "Security policy TCP"; `pilot/pkg/security/authz/{builder,model}`,
 * `model/policyattachment.go: ShouldAttachPolicy`.
 */
import { fits } from "../mesh/labels";
import type { MeshObject } from "../mesh/object";
import type { GatewayProxy } from "./gatewayProxy";
import { findRule } from "./policyIndex";
import { type Facts, ruleAllows, ruleDenies } from "./policyRules";
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
  const more = policies.length > 3 ? ` and ${policies.length - 3} more` : "";
  const names = `${policies
    .slice(0, 3)
    .map((policy) => policy.id)
    .join(", ")}${more}`;
  const who = facts.identity ?? "a caller without certificate";
  const what = facts.http
    ? `${facts.method} ${facts.host}${facts.path}`
    : `SNI ${facts.sni === "" ? "none" : facts.sni}`;
  return refuse(
    walk,
    facts,
    policies[0] as MeshObject,
    "spec.rules",
    `no rule of ${names} allows ${who} ${what} on port ${facts.port} of ${gateway.name}`,
  );
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
  const namespaces = new Set([walk.mesh.config.rootNamespace, gateway.group.namespace]);
  return [...namespaces].flatMap((ns) => walk.mesh.policies(ns)).filter((policy) => selects(policy, gateway));
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
