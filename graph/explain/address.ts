import { addressIn, isCidr } from "../mesh/addresses";
import type { Walk } from "./walk";

/**
 * The address that the application dials. Given with the call; else the one that the mesh knows for the name: a Service's clusterIP, or
 * the `addresses` of a ServiceEntry that the namespace sees (its author says that the name resolves to them). Undefined: an address that
 * no object names.
 */
export function dialledAddress(walk: Walk): string | undefined {
  const { address, host, workload } = walk.call;
  if (address !== undefined || host === undefined) return address;
  const names = [
    host.toLowerCase(),
    ...longNames(host.toLowerCase(), workload.namespace, walk.mesh.config.clusterDomain),
  ];
  for (const name of names) {
    for (const covering of walk.mesh.services.byHost.covering(name)) {
      const known: string[] = [];
      for (const service of walk.mesh.services.at(covering, workload.namespace)) known.push(...service.addresses);
      const plain = known.find((a) => !isCidr(a)) ?? known[0];
      if (plain !== undefined) return addressIn(plain);
    }
  }
  return undefined;
}

function longNames(host: string, namespace: string, domain: string): string[] {
  const dot = host.indexOf(".");
  if (dot < 0) return [`${host}.${namespace}.svc.${domain}`];
  if (dot === host.lastIndexOf(".")) return [`${host}.svc.${domain}`];
  return host.endsWith(".svc") ? [`${host}.${domain}`] : [];
}
