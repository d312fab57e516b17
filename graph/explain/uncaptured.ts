/** Stage "exit" of a call that no sidecar sees: the network alone decides. */
import { toAddress } from "./endpoints";
import { callingPod, stoppedByNetwork } from "./network";
import type { Outcome } from "./types";
import type { Walk } from "./walk";

export function uncaptured(walk: Walk, address: string | undefined, why: string): Outcome {
  const { call } = walk;
  const place = address === undefined ? undefined : toAddress(walk, address, call.port);
  const destination = `${call.host ?? address ?? "the address"}:${call.port}`;
  const outside = { kind: "outside" as const, host: call.host ?? address ?? "the address", port: call.port };
  const stopped = stoppedByNetwork(
    walk,
    callingPod(walk),
    place ?? outside,
    "connection refused, or no answer (curl 7 or 28)",
  );
  if (stopped) return stopped;
  if (place?.kind === "pods") {
    walk.hop("exit", `goes to pods of ${place.pods.namespace}/${place.pods.name} past the sidecar`);
    if (place.pods.isGateway) throw walk.unmodelled("exit", "a workload without sidecar that dials a gateway");
    return walk.end("in-mesh", "ends in the mesh, past the sidecar", { destination });
  }
  if (place?.kind === "self") return walk.end("in-mesh", "ends in the calling pod itself", { destination });
  walk.hop("exit", `leaves without passing a sidecar, to ${destination}`);
  const missing = `${why}: no object of Istio has a say; only a NetworkPolicy can stop the call`;
  return walk.end("direct", `leaves the mesh without a gateway: ${why}`, { how: "not-captured", destination, missing });
}
