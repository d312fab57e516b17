import type { GatewayOptions, Toleration } from "../config";
import { labelKeyFault, labelValueFault } from "../names";
import { suggest } from "../nearest";
import { join, type Problem } from "../problem";

const OPERATORS = ["Exists", "Equal"];
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Where a gateway's pods may run: labels of nodes, and taints as Kubernetes takes them (Kubernetes API, `Toleration`). */
export function placementProblems(path: string, { nodeSelector = {}, tolerations = [] }: GatewayOptions): Problem[] {
  return [
    ...Object.entries(nodeSelector).flatMap(([key, value]) => {
      const message = labelKeyFault(key) ?? labelValueFault(value);
      if (message === undefined) return [];
      return [{ path: join(path, "nodeSelector", key), value, message, fix: "Use a label that nodes can carry" }];
    }),
    ...tolerations.flatMap((toleration, index) => tolerationProblems(join(`${path}.tolerations`, index), toleration)),
  ];
}

function tolerationProblems(path: string, { key, operator, value, effect }: Toleration): Problem[] {
  const problems: Problem[] = [];
  const add = (name: keyof Toleration, found: string | undefined, message: string | undefined, fix: string) => {
    if (message !== undefined) problems.push({ path: `${path}.${name}`, value: found, message, fix });
  };
  add("operator", operator, enumFault(operator, OPERATORS), suggest(operator ?? "", OPERATORS, "remove it"));
  add("effect", effect, enumFault(effect, EFFECTS), suggest(effect ?? "", EFFECTS, "remove it"));
  if (key !== undefined) add("key", key, labelKeyFault(key), "Use the key of a taint");
  else if (operator !== "Exists")
    add("key", key, "is missing", "Name the taint, or say operator: Exists to tolerate every taint");
  if (value !== undefined) add("value", value, labelValueFault(value), "Use the value of a taint");
  if (value && operator === "Exists")
    add("value", value, "stands beside operator Exists, which compares no value", "Remove one of the two");
  return problems;
}

function enumFault(value: string | undefined, known: readonly string[]): string | undefined {
  return value === undefined || known.includes(value) ? undefined : "is not a known value";
}
