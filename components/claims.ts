import type { Intent } from "../graph";
import type { Problem } from "../graph/intent/problem";

/**
 * Namespaces that a ControlledEgress of this program holds for itself: two of them would each put a denying Sidecar, or
 * gateways and routes of the same names, there. Across programs the API server refuses the second ("already exists").
 */
let claims = new WeakMap<object, Map<string, { owner: string; path: string }>>();

/**
 * Claims the namespaces of a component, or tells which of them another one of the same cluster holds. The cluster is
 * told by its Kubernetes provider object.
 */
export function claimNamespaces(owner: string, cluster: object, intent: Intent): Problem[] {
  const claimed = claims.get(cluster) ?? new Map<string, { owner: string; path: string }>();
  claims.set(cluster, claimed);
  const wanted: [path: string, namespace: string, fix: string][] = [
    ["gatewayNamespace", intent.gatewayNamespace, "Give each ControlledEgress a gatewayNamespace of its own"],
    ["routesNamespace", intent.routesNamespace, "Give each ControlledEgress a routesNamespace of its own"],
    ...intent.applicationNamespaces.map((name): [string, string, string] => [
      "applications",
      name,
      "Put all applications of a namespace into one ControlledEgress",
    ]),
    ...(intent.istio.install
      ? [
          [
            "istio.install",
            intent.istio.namespace,
            "Install Istio once and set istio.install to false in the others",
          ] as [string, string, string],
        ]
      : []),
  ];
  const problems = wanted.flatMap(([path, namespace, fix]) => {
    const other = claimed.get(namespace);
    return other === undefined
      ? []
      : [
          {
            path,
            value: namespace,
            message: `namespace "${namespace}" belongs to ControlledEgress "${other.owner}" already (${other.path})`,
            fix,
          },
        ];
  });
  if (problems.length === 0) for (const [path, namespace] of wanted) claimed.set(namespace, { owner, path });
  return problems;
}

/** Forgets all claims: for tests, which run many programs in one process. */
export function releaseClaims(): void {
  claims = new WeakMap();
}
