import type { Manifest } from "../manifest";
import { invalidity } from "./admission";
import { DestinationRule } from "./destinationRule";
import { IstioGateway } from "./gateway";
import { apiListeners, deployedManifests, isManaged } from "./gatewayApi";
import { GatewayIndex } from "./gatewayIndex";
import { apiRoutes, mergeHttpRoutes } from "./gatewayRoutes";
import { gatewayManifests, isGatewayRelease } from "./helmRelease";
import { KubeService } from "./kubeService";
import { LabelIndex, push, SelectorIndex } from "./labelIndex";
import { fitsSelector } from "./labels";
import { type MeshConfig, meshConfigOf } from "./meshConfig";
import { MeshObject } from "./object";
import { isReplica, makersOf } from "./replicas";
import { RouteIndex } from "./routeIndex";
import { RuleIndex } from "./ruleIndex";
import { EntryService } from "./serviceEntry";
import { ServiceIndex } from "./serviceIndex";
import { SidecarResource } from "./sidecar";
import type { MeshOptions, SourcedManifest } from "./sourced";
import { known, Undecided } from "./unknown";
import { VirtualService } from "./virtualService";
import { isPodOwner, type Pods, podsOf } from "./workload";

const ISTIO = new Set(["networking.istio.io", "security.istio.io"]);

/** Manifests, indexed once. Read-only after `buildMesh`. */
export class Mesh {
  readonly namespaces = new Map<string, MeshObject>();
  readonly services = new ServiceIndex();
  readonly routes: RouteIndex;
  readonly rules: RuleIndex;
  readonly gateways = new GatewayIndex();
  /** Gateway API Gateways of class istio, by "namespace/name". */
  readonly apiGateways = new Map<string, MeshObject>();
  private readonly podsByNamespace = new Map<string, LabelIndex<Pods>>();
  private readonly podsByAddress = new Map<string, Pods>();
  private readonly podsByName = new Map<string, Pods>();
  private readonly podsByMaker = new Map<string, Pods>();
  /** All pod owners, and the Pods that are not as their owner says, for `reach` and for gateways. */
  readonly pods: Pods[] = [];
  private readonly servicesBySelector = new Map<string, SelectorIndex<KubeService>>();
  private readonly sidecarsByNamespace = new Map<string, SelectorIndex<SidecarResource>>();
  private readonly policiesByNamespace = new Map<string, MeshObject[]>();
  private readonly policiesBySelector = new Map<string, SelectorIndex<MeshObject>>();
  private readonly byKind = new Map<string, MeshObject[]>();
  private readonly byName = new Map<string, Map<string, MeshObject>>();
  /** Objects that the API server would refuse, and why; they are in no index. */
  readonly invalid = new Map<MeshObject, string>();

  constructor(readonly config: MeshConfig) {
    this.routes = new RouteIndex(config);
    this.rules = new RuleIndex(config.rootNamespace);
  }

  namespaceLabels(name: string): Record<string, unknown> {
    return { "kubernetes.io/metadata.name": name, ...this.namespaces.get(name)?.labels };
  }

  /** The object of that kind and name; kinds are indexed by name when first asked for. */
  object(kind: string, namespace: string, name: string): MeshObject | undefined {
    let names = this.byName.get(kind);
    if (!names) {
      names = new Map(
        this.objects(kind)
          .filter((object) => object.group !== "gateway.networking.k8s.io")
          .map((object) => [`${object.namespace}/${object.name}`, object]),
      );
      this.byName.set(kind, names);
    }
    return names.get(`${namespace}/${name}`);
  }

  objects(kind: string): readonly MeshObject[] {
    return this.byKind.get(kind) ?? [];
  }

  has(kind: string): boolean {
    return this.byKind.has(kind);
  }

  /** Pods that a Service's or ServiceEntry's selector may fit; the caller checks. */
  podCandidates(namespace: string, selector: Record<string, unknown>): Pods[] {
    return this.podsByNamespace.get(namespace)?.candidates(selector) ?? [];
  }

  /** Some Pod has an address: it is, or was, on a node. */
  get hasLivePods(): boolean {
    return this.podsByAddress.size > 0;
  }

  podAt(address: string): Pods | undefined {
    return this.podsByAddress.get(address);
  }

  podNamed(namespace: string, name: string): Pods | undefined {
    return this.podsByName.get(`${namespace}/${name}`);
  }

  sidecarCandidates(namespace: string, labels: Record<string, unknown>): SidecarResource[] {
    return this.sidecarsByNamespace.get(namespace)?.candidates(labels) ?? [];
  }

  /** Services whose selector may fit the pods; the caller checks. */
  serviceCandidates(namespace: string, labels: Record<string, unknown>): KubeService[] {
    return this.servicesBySelector.get(namespace)?.candidates(labels) ?? [];
  }

  policies(namespace: string): MeshObject[] {
    return this.policiesByNamespace.get(namespace) ?? [];
  }

  /** AuthorizationPolicies of the namespace that may select pods with the labels; the caller checks. */
  policyCandidates(namespace: string, labels: Record<string, unknown>): MeshObject[] {
    return this.policiesBySelector.get(namespace)?.candidates(labels) ?? [];
  }

  /** Files one object away; the order of calls decides nothing but ties that Istio leaves open. */
  index(object: MeshObject): void {
    this.remember(object);
    if (object.group === "gateway.networking.k8s.io") return;
    const problem = ISTIO.has(object.group) ? this.problemOf(object) : undefined;
    if (problem !== undefined) this.invalid.set(object, problem);
    else if (ISTIO.has(object.group)) this.indexIstio(object);
    else if (object.kind === "Service" && object.group === "") this.addService(new KubeService(object, this.config));
    else if (object.kind === "Pod") this.addPod(podsOf(object));
    else if (isPodOwner(object.kind)) this.addPods(podsOf(object));
  }

  private problemOf(object: MeshObject): string | undefined {
    return known(() => invalidity(object));
  }

  private remember(object: MeshObject): void {
    push(this.byKind, object.kind, object);
    if (object.kind === "Namespace") this.namespaces.set(object.name, object);
  }

  private indexIstio(object: MeshObject): void {
    if (object.kind === "ServiceEntry") this.addEntry(object);
    else if (object.kind === "VirtualService") this.routes.add(new VirtualService(object, this.config));
    else if (object.kind === "DestinationRule") this.rules.add(new DestinationRule(object, this.config));
    else if (object.kind === "Gateway") this.gateways.add(new IstioGateway(object));
    else if (object.kind === "Sidecar") this.addSidecar(new SidecarResource(object));
    else if (object.kind === "AuthorizationPolicy") this.addPolicy(object);
  }

  private addPolicy(object: MeshObject): void {
    push(this.policiesByNamespace, object.namespace, object);
    const selector = known(() => object.spec.at("selector").at("matchLabels").rawMap());
    indexIn(this.policiesBySelector, object.namespace, selector, object);
  }

  private addEntry(object: MeshObject): void {
    try {
      const labels = this.namespaceLabels(object.namespace);
      for (const host of new Set(knownHosts(object, this.services.hostsUndecided))) {
        this.services.add(new EntryService(object, host, this.config, labels));
      }
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      this.services.hostsUndecided.push(error);
    }
  }

  private addService(service: KubeService): void {
    this.services.add(service);
    if (service.selector) indexIn(this.servicesBySelector, service.namespace, service.selector, service);
  }

  private addSidecar(sidecar: SidecarResource): void {
    const selector = known(() => sidecar.selector);
    indexIn(this.sidecarsByNamespace, sidecar.object.namespace, selector, sidecar);
  }

  /** A Pod whose maker is here already: see `replicas.ts`. */
  private addPod(pod: Pods): void {
    const maker = known(() => makersOf(pod.object))
      ?.map((id) => this.podsByMaker.get(id))
      .find((found) => found !== undefined);
    if (maker && isReplica(pod, maker, this.namespaces.get(pod.namespace))) {
      maker.adopt(pod);
      for (const address of pod.addresses) this.podsByAddress.set(address, maker);
      this.podsByName.set(`${pod.namespace}/${pod.name}`, pod);
    } else {
      maker?.strays.push(pod);
      this.addPods(pod);
    }
  }

  addPods(pods: Pods): void {
    this.pods.push(pods);
    this.podsByMaker.set(pods.id, pods);
    this.podsByName.set(`${pods.namespace}/${pods.name}`, pods);
    let index = this.podsByNamespace.get(pods.namespace);
    if (!index) {
      index = new LabelIndex();
      this.podsByNamespace.set(pods.namespace, index);
    }
    index.add(pods.labels, pods);
    for (const address of pods.addresses) this.podsByAddress.set(address, pods);
  }
}

function indexIn<T>(
  indexes: Map<string, SelectorIndex<T>>,
  namespace: string,
  selector: Record<string, unknown> | undefined,
  item: T,
): void {
  let index = indexes.get(namespace);
  if (!index) {
    index = new SelectorIndex();
    indexes.set(namespace, index);
  }
  index.add(selector, item);
}

function knownHosts(object: MeshObject, undecided: Undecided[]): string[] {
  return object.spec
    .at("hosts")
    .list()
    .flatMap((host) => {
      try {
        return [host.text()];
      } catch (error) {
        if (!(error instanceof Undecided)) throw error;
        undecided.push(error);
        return [];
      }
    });
}

/** Indexes manifests; linear in their number. Kinds that decide nothing are only remembered. */
export function buildMesh(objects: readonly SourcedManifest[], options: MeshOptions = {}): Mesh {
  const all = objects.map((sourced) => new MeshObject(sourced));
  const mesh = new Mesh(meshConfigOf(all, options));
  for (const object of all) if (object.kind === "Namespace") mesh.index(object);
  const visible = visibility(mesh);
  const seen = all.filter((object) => object.kind !== "Namespace" && visible(object));
  // Pods come after what they may have been made from.
  for (const object of [...seen.filter(({ kind }) => kind !== "Pod"), ...seen.filter(({ kind }) => kind === "Pod")]) {
    mesh.index(object);
    if (isGatewayRelease(object)) addStandIns(mesh, object, gatewayManifests(object));
  }
  addGatewayApi(mesh, seen);
  return mesh;
}

/** Objects that stand for a Helm release or a managed Gateway answer to its name in messages. */
function addStandIns(mesh: Mesh, owner: MeshObject, manifests: Manifest[]): void {
  for (const manifest of manifests) mesh.index(new MeshObject({ manifest, source: owner.source ?? owner.id }));
}

const ROUTES = new Set(["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"]);

function addGatewayApi(mesh: Mesh, objects: MeshObject[]): void {
  const api = objects.filter((object) => object.group === "gateway.networking.k8s.io");
  const there = new Set(objects.map(({ id }) => id));
  for (const object of api) {
    if (object.kind !== "Gateway" || object.spec.at("gatewayClassName").text() !== "istio") continue;
    mesh.apiGateways.set(`${object.namespace}/${object.name}`, object);
    for (const listener of apiListeners(object, mesh.config.clusterDomain)) mesh.gateways.add(listener);
    // A live cluster has what istiod deployed.
    const missing = ({ kind, metadata }: Manifest) => !there.has(`${kind} ${metadata.namespace}/${metadata.name}`);
    if (isManaged(object)) addStandIns(mesh, object, deployedManifests(object).filter(missing));
  }
  const routes = api.filter((object) => ROUTES.has(object.kind)).flatMap((object) => apiRoutes(object, mesh));
  for (const route of mergeHttpRoutes(routes)) mesh.routes.add(route);
}

/** discoverySelectors hide whole namespaces; `istio.io/rev` hides an object from other revisions. */
function visibility(mesh: Mesh): (object: MeshObject) => boolean {
  const selectors = mesh.config.value("discoverySelectors").list();
  return (object) => {
    const revision = ISTIO.has(object.group) ? object.labels["istio.io/rev"] : undefined;
    if (typeof revision === "string" && revision !== mesh.config.revision) return false;
    if (selectors.length === 0) return true;
    const labels = mesh.namespaceLabels(object.namespace);
    return selectors.some((s) => fitsSelector(s.rawMap(), labels, { object: "MeshConfig", field: s.path }));
  };
}
