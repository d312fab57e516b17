import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { Workload } from "../../../graph/explain/types";
import type { Manifest } from "../../../graph/manifest";
import { buildMesh, type Mesh } from "../../../graph/mesh/mesh";
import { resolveWorkload } from "../../../graph/mesh/resolve";
import { gatewayService } from "../../oracle/generate/base";
import { eventuallyResolved } from "../../support/eventually";
import { apply, kubectl } from "../support/cluster";
import { AccessLogs } from "./accessLogs";
import { NAMESPACE_OF } from "./calls";
import { Cluster } from "./cluster";
import { inTheLab, POD_PLACEHOLDERS } from "./names";
import { Shell } from "./shell";

const NAMESPACES = ["app", "app2", "egress", "other"] as const;

export interface PodOfWorld {
  namespace: string;
  name: string;
  address: string;
}

/** The objects, pods and shells that all cases share. */
export class World {
  /** Pods by their label `app`. */
  readonly pods = new Map<string, PodOfWorld>();
  readonly shells = new Map<string, Shell>();
  /** Live objects that no case changes. */
  private fixed: Manifest[] = [];
  private services: Manifest[] = [];
  private shape = -1;

  private constructor(
    readonly cluster: Cluster,
    readonly logs: AccessLogs,
  ) {}

  static async open(): Promise<World> {
    await apply(readFileSync(join(__dirname, "world.yaml"), "utf8"));
    const world = new World(await Cluster.open(), new AccessLogs(NAMESPACES));
    await world.shapeServices(1);
    await world.look();
    return world;
  }

  /** Takes the world's namespaces away, with all that is in them. */
  async close(): Promise<void> {
    this.logs.close();
    for (const shell of this.shells.values()) shell.close();
    this.cluster.close();
    await kubectl(["delete", "namespace", "-l", "reality=world", "--wait=true"]);
  }

  /** What a case means in the lab's names. */
  translate<T>(value: T): T {
    const pods = Object.entries(POD_PLACEHOLDERS).map(([app, placeholder]) => [
      placeholder,
      this.pods.get(app)?.address ?? placeholder,
    ]);
    return inTheLab(value, Object.fromEntries(pods));
  }

  /** Ports of the gateways' Services: see gatewayService. */
  async shapeServices(shape: number): Promise<void> {
    if (shape === this.shape) return;
    const wanted = [gatewayService("egress", "gw", shape), gatewayService("other", "gw2", 0)].map((each) =>
      inTheLab(each),
    );
    this.services = await Promise.all(wanted.map((service) => this.setService(service)));
    await Promise.all(
      this.services.map((service) => eventuallyResolved("a Service's endpoints", () => this.behind(service))),
    );
    this.shape = shape;
  }

  /** What is not yet as a Service's ports say. */
  private async behind({ metadata: { namespace, name }, spec }: Manifest): Promise<string | undefined> {
    const label = `?labelSelector=kubernetes.io/service-name%3D${name}`;
    const slices = await this.cluster.list("discovery.k8s.io/v1", "EndpointSlice", namespace, label);
    const wanted = (spec as { ports: { name: string }[] }).ports.map((port) => port.name).sort();
    const found = (slices as unknown as { ports: { name: string }[] | null; endpoints: unknown[] | null }[]).some(
      ({ ports, endpoints }) =>
        (endpoints ?? []).length > 0 &&
        (ports ?? [])
          .map((port) => port.name)
          .sort()
          .join() === wanted.join(),
    );
    return found ? undefined : `${namespace}/${name} has no endpoints on ${wanted.join(", ")}`;
  }

  mesh(objects: readonly Manifest[]): Mesh {
    const live = [...this.fixed, ...this.services, ...objects];
    return buildMesh(
      live.map((manifest) => ({ manifest, source: "live" })),
      { parseYaml: load },
    );
  }

  workload(mesh: Mesh, from: string): Workload {
    const found = resolveWorkload(mesh, `${NAMESPACE_OF[from]}/${from}`);
    if (!found) throw new Error(`no workload ${from}`);
    return found;
  }

  /** `namespace/service` of the gateway with a pod's address. */
  gatewayAt(address: string): string | undefined {
    for (const [app, pod] of this.pods)
      if (pod.address === address && app.startsWith("gw")) return `${pod.namespace}/${app}`;
    return undefined;
  }

  private async setService(service: Manifest): Promise<Manifest> {
    const live = await this.cluster.list("v1", "Service", service.metadata.namespace);
    const old = live.find(({ metadata }) => metadata.name === service.metadata.name);
    if (!old) return this.cluster.create(service);
    const { resourceVersion } = old.metadata as { resourceVersion?: string };
    return this.cluster.replace({
      ...service,
      metadata: { ...service.metadata, resourceVersion } as Manifest["metadata"],
    });
  }

  private async look(): Promise<void> {
    const { cluster } = this;
    const lists = await Promise.all([
      cluster.list("v1", "Namespace"),
      cluster.list("v1", "ConfigMap", "istio-system", "?fieldSelector=metadata.name%3Distio"),
      ...NAMESPACES.flatMap((namespace) => [
        cluster.list("v1", "Pod", namespace),
        cluster.list("apps/v1", "Deployment", namespace),
        cluster.list("v1", "Service", namespace),
      ]),
    ]);
    const gateways = new Set(["gw", "gw2"]);
    this.fixed = lists.flat().filter(({ kind, metadata }) => kind !== "Service" || !gateways.has(metadata.name));
    const witness = await cluster.list("v1", "Pod", "witness");
    for (const pod of [...this.fixed.filter(({ kind }) => kind === "Pod"), ...witness]) this.meet(pod);
    for (const [app, { namespace, name }] of this.pods)
      if (!gateways.has(app) && app !== "web") this.shells.set(app, Shell.open(namespace, name));
  }

  private meet(pod: Manifest): void {
    const { metadata, status } = pod as Manifest & { status: { podIP: string } };
    const app = metadata.labels?.app;
    if (app === undefined || (metadata as { deletionTimestamp?: string }).deletionTimestamp !== undefined) return;
    this.pods.set(app, { namespace: metadata.namespace ?? "", name: metadata.name, address: status.podIP });
  }
}
