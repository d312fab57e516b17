import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Call, Hop, Outcome, Verdict } from "../../graph/explain/types";
import type { Manifest } from "../../graph/manifest";
import { buildMesh, type Mesh } from "../../graph/mesh/mesh";
import { NAMESPACE_OF, question, type RealCall } from "../lab/reality/calls";
import { handMade } from "../lab/reality/handMade";
import type { RealCase } from "../lab/reality/realCase";
import { FIXED, gatewayService } from "./generate/base";
import { CALLS } from "./generate/calls";
import { manifestsOf, randomMesh } from "./generate/mesh";

/** A mesh and calls in it: what recorded verdicts (tests/golden/verdicts.txt) are about. */
export interface RecordedMesh {
  title: string;
  manifests: Manifest[];
  meshConfig: Record<string, unknown>;
  calls: Call[];
}

/** The lab's cases written by hand (tests/lab/reality/cases), as they would be in a cluster: stages are a second apart. */
export function handMadeMeshes(): RecordedMesh[] {
  return handMade().map(fromLab);
}

export function fromLab({ title, stages, calls, service }: RealCase): RecordedMesh {
  const own = stages.flatMap((stage, i) => stage.map((manifest) => aged(manifest, i)));
  const fixed = [...FIXED, gatewayService("egress", "gw", service), gatewayService("other", "gw2", 0)];
  const manifests = [...fixed, ...own].map((manifest) => JSON.parse(JSON.stringify(manifest)) as Manifest);
  const meshConfig = { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } };
  return { title, manifests, meshConfig, calls: calls.map((call) => question(call, callerOf(call))) };
}

function aged({ metadata, ...rest }: Manifest, stage: number): Manifest {
  return { ...rest, metadata: { ...metadata, creationTimestamp: `2026-02-01T00:00:0${stage}Z` } } as Manifest;
}

function callerOf({ from }: RealCall): Call["workload"] {
  const known = CALLS.find(({ workload }) => workload.labels?.app === from)?.workload;
  const workload = known ?? { namespace: NAMESPACE_OF[from] ?? "", labels: { app: from } };
  return { ...workload, labels: workload.labels ?? {}, injected: true };
}

/** The random mesh of a seed (tests/oracle/generate), with every kind of call. */
export function randomMeshOf(seed: number): RecordedMesh {
  const [mesh] = fc.sample(randomMesh(), { numRuns: 1, seed });
  if (mesh === undefined) throw new Error(`no mesh of seed ${seed}`);
  const calls = CALLS.map((call) => ({
    ...call,
    workload: { ...call.workload, labels: call.workload.labels ?? {}, injected: true },
  }));
  return { title: `random ${seed}`, manifests: manifestsOf(mesh), meshConfig: mesh.meshConfig, calls };
}

/** `refused`: objects that the API server does not take, `Kind namespace/name`. */
export function meshWithout({ manifests, meshConfig }: RecordedMesh, refused: readonly string[]): Mesh {
  const kept = manifests.filter((m) => !refused.includes(`${m.kind} ${m.metadata.namespace ?? ""}/${m.metadata.name}`));
  return buildMesh(
    kept.map((manifest) => ({ manifest })),
    { meshConfig },
  );
}

/**
 * What becomes of a call, one text an outcome: the end, the object and field that decide it, and a digest of the whole path's objects
 * and fields, so that none of them changes unseen.
 */
export function tellWhole({ outcomes }: Verdict): string[] {
  return outcomes.map(tellOutcome);
}

function tellOutcome(outcome: Outcome): string {
  const { verdict, how, gateways, destination, address, tls, where, seen, mirror, path } = outcome;
  const code = /\d{3}/.exec(seen)?.[0] ?? (/closed/.test(seen) ? "closed" : undefined);
  const end = [
    mirror && "copy",
    verdict,
    how,
    gateways.join("+"),
    destination,
    address,
    where,
    verdict === "blocked" && code,
  ];
  if (tls) end.push(tls.mode, tls.sni, tls.serverNames.join("+"));
  const deciding = path.findLast(({ object }) => object !== undefined);
  return [end.filter(Boolean).join(" "), deciding && tellHop(deciding), digest(path)].filter(Boolean).join(" | ");
}

function tellHop({ stage, object, field }: Hop): string {
  return [stage, object, field].filter(Boolean).join(" ");
}

function digest(path: readonly Hop[]): string {
  return createHash("sha256").update(path.map(tellHop).join("\n")).digest("hex").slice(0, 8);
}

export function tellCall({ workload, protocol, host, address, port, sni, path, method, authority }: Call): string {
  const to = `${protocol}://${host ?? ""}${address === undefined ? "" : `@${address}`}:${port}${path ?? ""}`;
  const rest = [method, sni !== undefined && `sni=${sni}`, authority && `Host=${authority}`].filter(Boolean);
  return [`${workload.namespace}/${workload.labels.app}`, to, ...rest].join(" ");
}
