import type { EgressConfig } from "../config";
import { gatewayNamespaceOf, istioNamespaceOf, routesNamespaceOf } from "../defaults";
import { labelFault } from "../names";
import { suggest } from "../nearest";
import { join, type Problem } from "../problem";

/** Namespaces: valid names, each with one role, and `existingNamespaces` naming those that are in use. */
export function checkNamespaces(config: EgressConfig): Problem[] {
  return [...checkNames(config), ...checkRoles(config), ...checkExisting(config)];
}

/** The namespaces with a role of their own, and the key that says so. */
function roles(config: EgressConfig): { path: string; name: string; role: string }[] {
  return [
    { path: "istio.namespace", name: istioNamespaceOf(config), role: "Istio's" },
    { path: "gatewayNamespace", name: gatewayNamespaceOf(config), role: "the gateways'" },
    { path: "routesNamespace", name: routesNamespaceOf(config), role: "the routes'" },
  ];
}

function checkNames(config: EgressConfig): Problem[] {
  return roles(config).flatMap(({ path, name }) => {
    const fault = labelFault(name);
    return fault === undefined
      ? []
      : [{ path, value: name, message: fault, fix: "Use a valid namespace name of at most 63 characters" }];
  });
}

function checkRoles(config: EgressConfig): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const { path, name, role } of roles(config)) {
    const other = taken.get(name);
    if (other !== undefined)
      problems.push({
        path,
        value: name,
        message: `is ${other} namespace already`,
        fix: "Give each its own namespace",
      });
    taken.set(name, role);
  }
  for (const [index, application] of config.applications.entries()) {
    const role = taken.get(application.namespace);
    if (role !== undefined)
      problems.push({
        path: join("applications", index, "namespace"),
        value: application.namespace,
        message: `is ${role} namespace, where no application may live`,
        fix: "Move the application to a namespace of its own",
      });
  }
  return problems;
}

function checkExisting(config: EgressConfig): Problem[] {
  const used = [...new Set([...roles(config).map(({ name }) => name), ...config.applications.map((a) => a.namespace)])];
  return (config.existingNamespaces ?? []).flatMap((name, index) =>
    used.includes(name)
      ? []
      : [
          {
            path: join("existingNamespaces", index),
            value: name,
            message: "is no namespace of this configuration",
            fix: suggest(name, used, "Remove it"),
          },
        ],
  );
}
