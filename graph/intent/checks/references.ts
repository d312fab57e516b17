import type { EgressConfig } from "../config";
import { applicationKey } from "../defaults";
import { suggest } from "../nearest";
import { join, type Problem } from "../problem";

/** Names that refer to others: `allow` to destinations, `onlyFor` to applications, `meshHosts` to hosts. */
export function checkReferences(config: EgressConfig): Problem[] {
  return [...checkAllow(config), ...checkOnlyFor(config), ...checkMeshHosts(config)];
}

function checkAllow(config: EgressConfig): Problem[] {
  const known = Object.keys(config.destinations);
  const problems: Problem[] = [];
  for (const [index, application] of config.applications.entries()) {
    const seen = new Set<string>();
    for (const [position, name] of application.allow.entries()) {
      const path = join("applications", index, "allow", position);
      const destination = config.destinations[name];
      if (!Object.hasOwn(config.destinations, name) || destination === undefined)
        problems.push({
          path,
          value: name,
          message: "is no destination",
          fix: suggest(name, known, "Add it to destinations"),
        });
      else if (destination.onlyFor !== undefined && !destination.onlyFor.includes(applicationKey(application)))
        problems.push({
          path,
          value: name,
          message: `is only for ${destination.onlyFor.join(", ") || "nobody"} (destinations.${name}.onlyFor)`,
          fix: `Remove it here, or add "${applicationKey(application)}" there`,
        });
      if (seen.has(name))
        problems.push({ path, value: name, message: "is listed twice", fix: "Remove one of the two" });
      seen.add(name);
    }
  }
  return problems;
}

function checkOnlyFor(config: EgressConfig): Problem[] {
  const known = config.applications.map(applicationKey);
  const names = new Set(known);
  return Object.entries(config.destinations).flatMap(([destination, { onlyFor }]) =>
    (onlyFor ?? []).flatMap((name, index) =>
      names.has(name)
        ? []
        : [
            {
              path: join("destinations", destination, "onlyFor", index),
              value: name,
              message: "is no application",
              fix: suggest(name, known, "Add it to applications as namespace/name"),
            },
          ],
    ),
  );
}

/** One namespace and one host or `*.` suffix each: `*` as namespace would import what anyone publishes. */
function checkMeshHosts(config: EgressConfig): Problem[] {
  return (config.meshHosts ?? []).flatMap((entry, index) =>
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(entry)
      ? []
      : [
          {
            path: join("meshHosts", index),
            value: entry,
            message: "is not of the form namespace/host, with one namespace and a host of the mesh",
            fix: 'Write it like "shop/orders.shop.svc.cluster.local" or "shop/*.shop.svc.cluster.local"',
          },
        ],
  );
}
