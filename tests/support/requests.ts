import type { Flow } from "../../graph";
import type { Call } from "../../graph/explain/types";

type Request = Pick<Call, "method" | "path">;

/** A request that a flow's limits let through. */
export function withinLimits({ methods, paths }: Flow): Request {
  return {
    ...(methods && { method: methods[0] }),
    ...(paths && { path: (paths[0] ?? "").replace(/\*$/, "x?y=z") }),
  };
}

/** Requests that they do not: each like one that is let through, but for one thing. */
export function beyondLimits(flow: Flow): Request[] {
  const good = withinLimits(flow);
  return [
    ...(flow.methods ? [{ ...good, method: "DELETE" }] : []),
    ...(flow.paths
      ? ["/elsewhere", "/api", "/api/..%2felsewhere", "/v1/../elsewhere", "/API/x"].map((path) => ({ ...good, path }))
      : []),
  ];
}
