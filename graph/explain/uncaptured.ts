/** A call that no sidecar sees: the network alone decides, and a gateway that it reaches. */
import { toAddress } from "./endpoints";
import type { Arrival } from "./exit";
import { principal, type Wire } from "./gatewayProxy";
import { callingPod, stoppedByNetwork } from "./network";
import { firstWire } from "./request";
import type { Outcome } from "./types";
import type { Walk } from "./walk";

export function uncaptured(walk: Walk, address: string | undefined, why: string): Arrival | Outcome {
  const { call } = walk;
  const place = address === undefined ? undefined : toAddress(walk, address, call.port);
  const destination = `${call.host ?? address ?? "the address"}:${call.port}`;
  if (place?.kind === "end") return place.outcome;
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
    if (place.pods.isGateway) return { place, wire: byHand(walk) };
    return walk.end("in-mesh", "ends in the mesh, past the sidecar", { destination });
  }
  if (place?.kind === "self") return walk.end("in-mesh", "ends in the calling pod itself", { destination });
  walk.hop("exit", `leaves without passing a sidecar, to ${destination}`);
  const missing = `${why}: no object of Istio has a say; only a NetworkPolicy can stop the call`;
  return walk.end("direct", `leaves the mesh without a gateway: ${why}`, { how: "not-captured", destination, missing });
}

/** What the pod itself sends: at most with its own certificate of the mesh, which lies in reach of its containers. */
function byHand(walk: Walk): Wire {
  const wire = firstWire(walk);
  const { ownCertificate, workload } = walk.call;
  if (ownCertificate === undefined) return wire;
  return {
    ...wire,
    tls: [{ sni: ownCertificate.sni, kind: "mesh", serverNames: [] }, ...wire.tls],
    sender: principal(walk, workload.namespace, workload.serviceAccount ?? "default"),
  };
}
