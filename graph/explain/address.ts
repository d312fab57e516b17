import { addressIn, isCidr } from "../mesh/addresses";
import { seenFrom } from "../mesh/exportTo";
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
      const known = walk.mesh.services.byHost
        .at(covering)
        .filter((s) => seenFrom(s.exports, workload.namespace))
        .flatMap((s) => s.addresses);
      const plain = known.find((a) => !isCidr(a)) ?? known[0];
      if (plain !== undefined) return addressIn(plain);
    }
  }
  return undefined;
}

function longNames(host: string, namespace: string, domain: string): string[] {
  const dots = host.split(".").length - 1;
  if (dots === 0) return [`${host}.${namespace}.svc.${domain}`];
  return dots === 1 ? [`${host}.svc.${domain}`] : host.endsWith(".svc") ? [`${host}.${domain}`] : [];
}
