import type { Mesh } from "../mesh/mesh";
import { Undecided } from "../mesh/unknown";
import type { RouteObject } from "../mesh/virtualService";

/** Mesh routes whose hosts overlap with a host. */
export function meshRoutesOf(mesh: Mesh, host: string): RouteObject[] {
  const routes = mesh.routes.boundTo("mesh");
  const found = new Set<RouteObject>();
  for (const name of routes.overlapping(host)) for (const route of routes.at(name)) found.add(route);
  return [...found];
}

/** The sets of labels that routes ask of a caller (Istio API, `sourceLabels`), each once. */
export function matchLabels(routes: RouteObject[]): Record<string, string>[] {
  const found = new Map<string, Record<string, string>>();
  for (const match of matches(routes)) {
    const labels = match.at("sourceLabels").rawMap();
    if (Object.keys(labels).length === 0 || Object.values(labels).some((value) => typeof value !== "string")) continue;
    found.set(JSON.stringify(Object.entries(labels).sort()), labels as Record<string, string>);
  }
  return [...found.values()];
}

/** The namespaces that routes ask of a caller (Istio API, `sourceNamespace`). */
export function matchNamespaces(routes: RouteObject[]): string[] {
  return matches(routes)
    .map((match) => match.at("sourceNamespace").text())
    .filter((namespace) => namespace !== "");
}

function matches(routes: RouteObject[]) {
  return routes.flatMap((route) => {
    try {
      return ["http", "tls", "tcp"].flatMap((kind) =>
        route.object.spec
          .at(kind)
          .list()
          .flatMap((rule) => rule.at("match").list()),
      );
    } catch (error) {
      if (error instanceof Undecided) return [];
      throw error;
    }
  });
}
