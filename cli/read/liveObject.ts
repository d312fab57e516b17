import type { Manifest } from "../../graph/manifest";

interface LiveMetadata {
  ownerReferences?: { controller?: boolean }[];
  managedFields?: unknown;
}

interface LiveStatus {
  phase?: string;
  completionTime?: string;
  conditions?: { type: string; status: string }[];
}

/** A live object as manifests are, without the notes of its writers; undefined for one that can call nobody any more. */
export function liveObject(object: Manifest): Manifest | undefined {
  if (isOver(object)) return undefined;
  const { managedFields: _, ...metadata } = object.metadata as Manifest["metadata"] & LiveMetadata;
  return { ...object, metadata };
}

/** Finished pods and jobs; what a Deployment, CronJob … keeps for its history, or makes its pods by, stands for nothing of its own. */
function isOver({ kind, metadata, spec, status }: Manifest & { status?: LiveStatus }): boolean {
  const owned = (metadata as LiveMetadata).ownerReferences?.some(({ controller }) => controller === true) ?? false;
  switch (kind) {
    case "Pod":
      return status?.phase === "Succeeded" || status?.phase === "Failed";
    case "ReplicaSet":
      return owned || (spec as { replicas?: number } | undefined)?.replicas === 0;
    case "Job":
      return owned || isFinished(status);
    default:
      return false;
  }
}

function isFinished(status: LiveStatus | undefined): boolean {
  const ends = (status?.conditions ?? []).filter(({ type }) => type === "Complete" || type === "Failed");
  return ends.some(({ status }) => status === "True");
}
