import type { GatewayOptions } from "../config";
import type { Problem } from "../problem";
import { amountOf } from "../quantity";

/** Requests and limits: quantities, no request above its limit, which the API server would refuse for every pod. */
export function resourceProblems(path: string, { resources = {} }: GatewayOptions): Problem[] {
  const problems: Problem[] = [];
  for (const name of ["cpu", "memory"] as const) {
    const amounts = (["requests", "limits"] as const).map((kind) => {
      const value = resources[kind]?.[name];
      if (value === undefined) return undefined;
      const amount = amountOf(value);
      if (amount === undefined)
        problems.push({
          path: `${path}.resources.${kind}.${name}`,
          value,
          message: "is no Kubernetes quantity",
          fix: name === "cpu" ? "Write it like 100m or 2" : "Write it like 128Mi or 1Gi",
        });
      return amount;
    });
    const [request, limit] = amounts;
    if (request !== undefined && limit !== undefined && request > limit)
      problems.push({
        path: `${path}.resources.requests.${name}`,
        value: resources.requests?.[name],
        message: `is above the limit, ${resources.limits?.[name]}`,
        fix: "Lower the request, or raise the limit",
      });
  }
  return problems;
}
