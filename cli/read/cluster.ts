import type { Manifest } from "../../graph/manifest";
import type { SourcedManifest } from "../../graph/mesh/sourced";
import { UNKNOWN } from "../../graph/mesh/unknown";
import { CommandError, NO_PERMISSION, UNAVAILABLE } from "../exit";
import { ApiRefusal, type ClusterClient, clusterClient } from "./clusterClient";
import { CLUSTER_KINDS, MESH_CONFIG } from "./clusterKinds";
import { listAll, type ServedKind, servedKinds } from "./clusterLists";
import { inTurns } from "./inTurns";
import { liveObject } from "./liveObject";
import { Progress } from "./progress";

/** Lists at a time: enough to hide the way to the server, few enough for its fairness to others. */
const AT_ONCE = 6;

/**
 * The objects of a live cluster, by a context of the kubeconfig, read-only: the kinds of `CLUSTER_KINDS` that it serves,
 * and never a Secret. Throws `CommandError`, also where a permission is missing: what may not be seen may be what
 * decides, so no answer is better than one without it.
 */
export async function manifestsOfCluster(context: string): Promise<SourcedManifest[]> {
  return manifestsBy(await clusterClient(context));
}

/** The same by a client that is there already. */
export async function manifestsBy(client: ClusterClient): Promise<SourcedManifest[]> {
  const progress = new Progress(`reading context ${client.context}`);
  const denied: string[] = [];
  try {
    const kinds = await servedKinds(client, CLUSTER_KINDS);
    const lists = await inTurns(kinds, AT_ONCE, (kind) =>
      allowed(client, kind, denied, (objects) => progress.add(objects)),
    );
    const config = kinds.some(({ group }) => group === "networking.istio.io") ? await meshConfig(client, denied) : [];
    if (denied.length > 0) throw missing(client, denied);
    return [...lists.flat(), ...config].flatMap((object) => {
      const manifest = liveObject(object);
      return manifest === undefined ? [] : [{ manifest, source: "live" }];
    });
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    throw new CommandError(`context ${client.context}: the API server answers ${error.message}`, UNAVAILABLE);
  } finally {
    progress.end();
  }
}

async function allowed(client: ClusterClient, kind: ServedKind, denied: string[], onPage: (objects: number) => void) {
  try {
    return await listAll(client, kind, onPage);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    // Gone since the discovery.
    if (error.status === 404) return [];
    if (error.status !== 403) throw error;
    denied.push(`list ${kind.group === "" ? kind.resource : `${kind.resource}.${kind.group}`}`);
    return [];
  }
}

/** MeshConfig; without it (another revision or root namespace) nothing that depends on it is known. */
async function meshConfig(client: ClusterClient, denied: string[]): Promise<Manifest[]> {
  const { namespace, name } = MESH_CONFIG;
  try {
    return [await client.get<Manifest>(`/api/v1/namespaces/${namespace}/configmaps/${name}`)];
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    if (error.status === 404)
      return [{ apiVersion: "v1", kind: "ConfigMap", metadata: MESH_CONFIG, data: { mesh: UNKNOWN } }];
    if (error.status !== 403) throw error;
    denied.push(`get configmaps "${name}" of ${namespace}`);
    return [];
  }
}

function missing({ context }: ClusterClient, denied: string[]): CommandError {
  return new CommandError(
    `context ${context}: you may not ${denied.sort().join(", ")}, and any answer may depend on it. Bind the ClusterRole of docs/clusterrole.yaml to who asks (README, "A live cluster").`,
    NO_PERMISSION,
  );
}
