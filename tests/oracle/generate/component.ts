import { type EgressConfig, type Intent, type Manifest, manifests, withDefaults } from "../../../graph";
import type { Call } from "../../../graph/explain/types";
import { gatewayManifests, isGatewayRelease } from "../../../graph/mesh/helmRelease";
import { MeshObject } from "../../../graph/mesh/object";
import { callers, type Question, questions } from "../../support/questions";
import type { OracleCall } from "../oracle";

/** What this component makes of a configuration, as a cluster would hold it, and every question about it. */
export interface ComponentMesh {
  manifests: Manifest[];
  meshConfig: Record<string, unknown>;
  questions: Question[];
  calls: OracleCall[];
}

/** An address that no object knows. */
const ELSEWHERE = "203.0.113.1";

export function componentMesh(config: EgressConfig): ComponentMesh {
  const intent = withDefaults(config);
  const planned = manifests(intent);
  const vips = intent.istio.dnsCapture ? withVips(planned) : new Map<string, string>();
  // The walker compares paths as they are written: README.md, "Limits".
  const asked = questions(intent).filter(({ call }) => !/\.\.|%/.test(call.path ?? ""));
  return {
    manifests: [...planned.flatMap(deployed), ...callers(intent).map(podOf)],
    meshConfig: meshConfigOf(planned),
    questions: asked,
    calls: asked.map(({ call }) => oracleCall(intent, call, vips)),
  };
}

/** Releases as what their charts make of them; the oracle plays istiod itself. */
function deployed(manifest: Manifest): Manifest[] {
  if (manifest.kind !== "Release") return [manifest];
  const release = new MeshObject({ manifest });
  return isGatewayRelease(release) ? gatewayManifests(release) : [];
}

function meshConfigOf(planned: readonly Manifest[]): Record<string, unknown> {
  const istiod = planned.find(({ kind, metadata }) => kind === "Release" && metadata.name === "istiod");
  const values = (istiod?.spec as { values?: { meshConfig?: Record<string, unknown> } } | undefined)?.values;
  return values?.meshConfig ?? {};
}

/** What istiod's allocator would write into the ServiceEntries; by host. */
function withVips(planned: Manifest[]): Map<string, string> {
  const vips = new Map<string, string>();
  for (const manifest of planned) {
    const spec = (manifest.spec ?? {}) as { hosts: string[]; addresses?: string[] };
    if (manifest.kind !== "ServiceEntry" || spec.addresses !== undefined) continue;
    // A wildcard gets none but with DYNAMIC_DNS (`pilot/pkg/autoallocate`), and there no pod but the gateways' sees it.
    const given = spec.hosts
      .filter((host) => !host.startsWith("*"))
      .map((host) => {
        const value = vips.get(host) ?? `240.240.${Math.floor(vips.size / 250)}.${(vips.size % 250) + 1}`;
        vips.set(host, value);
        return { host, value };
      });
    (manifest as Manifest & { status?: unknown }).status = { addresses: given };
  }
  return vips;
}

function podOf({ name, workload }: { name: string; workload: Call["workload"] }, index: number): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: name.replace("/", "-"), namespace: workload.namespace, labels: workload.labels },
    spec: { serviceAccountName: workload.serviceAccount, containers: [{ name: "app", image: "app" }] },
    status: { podIP: `10.1.${Math.floor(index / 250)}.${(index % 250) + 1}` },
  };
}

function oracleCall(
  intent: Intent,
  { workload, httpVersion: _, ...call }: Call,
  vips: Map<string, string>,
): OracleCall {
  const { namespace, labels, serviceAccount } = workload;
  const known = intent.destinations.flatMap(({ hosts }) => hosts).find(({ name }) => name === call.host);
  const address = call.address ?? known?.addresses[0] ?? vips.get(call.host ?? "") ?? ELSEWHERE;
  return { ...call, workload: { namespace, labels, serviceAccount }, address };
}
