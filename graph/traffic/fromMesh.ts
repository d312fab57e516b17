import type { Mesh } from "../mesh/mesh";
import { known } from "../mesh/unknown";
import type { Pods } from "../mesh/workload";
import { applicationsOf } from "../reach/applications";
import type { CallerNames } from "./overMap";

/** The gateways of a mesh by the identity of their pods: "namespace/account" to "namespace/name". */
export function gatewaysOf(mesh: Mesh): Map<string, string> {
  const found = new Map<string, string>();
  for (const [account, name] of mesh.pods.flatMap((pods) => known(() => gatewayOf(pods)) ?? []))
    put(found, account, name);
  return found;
}

function gatewayOf(pods: Pods): [string, string][] {
  return pods.isGateway ? [[`${pods.namespace}/${pods.serviceAccount}`, `${pods.namespace}/${pods.name}`]] : [];
}

/** The application of each identity; of an identity that several share, the first of them. */
export function callerNamesOf(mesh: Mesh): CallerNames {
  const names = new Map<string, string>();
  for (const { id, workload } of applicationsOf(mesh)) {
    if (workload.serviceAccount === undefined) continue;
    put(names, `${workload.namespace}/${workload.serviceAccount}`, id);
  }
  return (caller) => names.get(caller) ?? caller;
}

/** The first counts; but a live pod, whose name is its owner's and more, gives way to its owner. */
function put(names: Map<string, string>, account: string, name: string): void {
  const first = names.get(account);
  if (first === undefined || first.startsWith(`${name}-`)) names.set(account, name);
}
