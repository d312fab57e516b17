/**
 * Which DestinationRule applies to a client, and which of its settings to a port and subset.
 * Istio API `DestinationRule`; `model/push_context.go: destinationRule`, `model/sidecar.go: DestinationRule`,
 * `util/util.go: GetPortLevelTrafficPolicy, MergeSubsetTrafficPolicy`.
 */
import { type DestinationRule, type MergedRule, mergeRules } from "../mesh/destinationRule";
import { fits } from "../mesh/labels";
import type { Service } from "../mesh/service";
import type { Value } from "../mesh/value";
import type { Walk } from "./walk";

/** The proxy that opens the connection. */
export interface Client {
  namespace: string;
  labels: Record<string, unknown>;
}

export function ruleFor(walk: Walk, client: Client, service: Service): MergedRule | undefined {
  for (const { rules, exported } of walk.mesh.rules.search(client.namespace, service.namespace, service.host)) {
    if (rules.length === 0) continue;
    const merged = mergeRules(sorted(walk, rules)).filter((rule) => !exported || exportedTo(rule, client.namespace));
    // In the client's own namespace the best host ends the search; elsewhere only a rule that is exported does.
    if (merged.length > 0 || !exported) return pick(merged, client);
  }
  return undefined;
}

function sorted(walk: Walk, rules: DestinationRule[]): DestinationRule[] {
  const aged = (rule: DestinationRule): { object: DestinationRule["object"]; sortName: string } => ({
    object: rule.object,
    sortName: rule.object.name,
  });
  const selecting = rules.filter((rule) => rule.selector);
  return [
    ...walk.ages.order(selecting, aged),
    ...walk.ages.order(
      rules.filter((rule) => !rule.selector),
      aged,
    ),
  ];
}

function exportedTo({ exportSet }: MergedRule, namespace: string): boolean {
  return exportSet.size === 0 || exportSet.has("*") || exportSet.has(namespace);
}

/** A selector that fits beats none, in its own namespace; of several without, the last. */
function pick(merged: MergedRule[], client: Client): MergedRule | undefined {
  const fitting = merged.find(
    ({ selector, base }) =>
      selector &&
      base.object.namespace === client.namespace &&
      fits(selector, client.labels, { object: base.object.id, field: "spec.workloadSelector.matchLabels" }),
  );
  return fitting ?? merged.findLast((rule) => !rule.selector);
}

/** The `tls` block for a port and subset; undefined: none, so auto mTLS or plaintext. */
export function tlsSettings(rule: MergedRule, port: number, subset: string): Value | undefined {
  const top = rule.trafficPolicy && portPolicy(rule.trafficPolicy, port);
  const own = subset === "" ? undefined : findSubset(rule, subset)?.at("trafficPolicy");
  if (!own?.present) return present(top?.at("tls"));
  const entry = portEntry(own, port);
  if (entry) return present(entry.at("tls"));
  return present(own.at("tls")) ?? present(top?.at("tls"));
}

export function findSubset(rule: MergedRule, name: string): Value | undefined {
  return rule.subsets.find((subset) => subset.at("name").text() === name);
}

/** A port's entry replaces the whole policy for that port, by Service port number. */
function portPolicy(policy: Value, port: number): Value {
  return portEntry(policy, port) ?? policy;
}

function portEntry(policy: Value, port: number): Value | undefined {
  return policy
    .at("portLevelSettings")
    .list()
    .find((entry) => entry.at("port").at("number").number() === port);
}

function present(value: Value | undefined): Value | undefined {
  return value?.present ? value : undefined;
}

/** Settings whose effect on the path is not modelled. */
export function unmodelledSetting(rule: MergedRule, port: number): string | undefined {
  const policy = rule.trafficPolicy && portPolicy(rule.trafficPolicy, port);
  if (rule.trafficPolicy?.at("tunnel").present) return "DestinationRule trafficPolicy.tunnel";
  return policy?.at("proxyProtocol").present ? "DestinationRule trafficPolicy.proxyProtocol" : undefined;
}
