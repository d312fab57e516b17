import { fitsSelector } from "../mesh/labels";
import type { MeshObject } from "../mesh/object";
import type { Value } from "../mesh/value";
import type { PeerEnd } from "./ends";
import { inBlock } from "./ipBlock";

export type Direction = "egress" | "ingress";

/** One rule of a policy: any of its peers, at any of its ports (Kubernetes API, `NetworkPolicyEgressRule`). */
interface NetworkRule {
  /** Path, e.g. `spec.egress[0]`. */
  field: string;
  /** Empty: any peer. */
  peers: Value[];
  ports: Value[];
}

/** Rules by the peers that they name, since a policy may name thousands of gateways or callers. */
interface RuleIndex {
  byPods: Map<string, { rule: NetworkRule; peer: Value }[]>;
  general: NetworkRule[];
}

const PEERS = { egress: "to", ingress: "from" } as const;
const NAMESPACE = "kubernetes.io/metadata.name";

/** A NetworkPolicy (Kubernetes docs, "Network Policies"), read when a question needs it. */
export class NetworkPolicy {
  private readonly rules = new Map<Direction, RuleIndex>();
  private directions: Direction[] | undefined;

  constructor(readonly object: MeshObject) {}

  /** Labels that every selected pod has; more may be asked by expressions. */
  get matchLabels(): Record<string, unknown> {
    return this.object.spec.at("podSelector").at("matchLabels").rawMap();
  }

  selects(labels: Record<string, unknown>): boolean {
    return fitsSelector(this.object.spec.at("podSelector").rawMap(), labels, this.place("spec.podSelector"));
  }

  /** Whether it limits that direction; without `policyTypes` it does so for egress only if it has egress rules. */
  limits(direction: Direction): boolean {
    this.directions ??= directionsOf(this.object.spec);
    return this.directions.includes(direction);
  }

  /** Path of the rule that admits a connection between a selected pod and another end; `to` is where it arrives. */
  admits(
    direction: Direction,
    other: PeerEnd,
    to: PeerEnd,
    port: number,
    namespaceLabels: NamespaceLabels,
  ): string | undefined {
    const index = this.index(direction);
    const atPort = ({ ports }: NetworkRule) => ports.length === 0 || ports.some((each) => portFits(each, to, port));
    for (const { rule, peer } of namedPods(index, other))
      if (atPort(rule) && this.fits(peer, other, namespaceLabels)) return rule.field;
    return index.general.find(
      (rule) =>
        atPort(rule) && (rule.peers.length === 0 || rule.peers.some((peer) => this.fits(peer, other, namespaceLabels))),
    )?.field;
  }

  /** Path of a rule that lets selected pods out to addresses outside the cluster, at whatever port. */
  opensOutside(): string | undefined {
    return this.index("egress").general.find(
      ({ peers }) =>
        peers.length === 0 ||
        peers.some((peer) => peer.at("ipBlock").present && inBlock(peer.at("ipBlock"), { kind: "outside" })),
    )?.field;
  }

  private fits(peer: Value, other: PeerEnd, namespaceLabels: NamespaceLabels): boolean {
    if (peer.at("ipBlock").present) return inBlock(peer.at("ipBlock"), other);
    if (other.kind === "outside") return false;
    const namespaces = peer.at("namespaceSelector");
    const here = namespaces.present
      ? fitsSelector(namespaces.rawMap(), namespaceLabels(other.namespace), this.place(namespaces.path))
      : other.namespace === this.object.namespace;
    return here && fitsSelector(peer.at("podSelector").rawMap(), other.labels, this.place(`${peer.path}.podSelector`));
  }

  private index(direction: Direction): RuleIndex {
    let found = this.rules.get(direction);
    if (!found) {
      found = indexed(this.object.spec.at(direction), PEERS[direction]);
      this.rules.set(direction, found);
    }
    return found;
  }

  private place(field: string) {
    return { object: this.object.id, field };
  }
}

function directionsOf(spec: Value): Direction[] {
  const types = spec.at("policyTypes").texts();
  if (types.length > 0)
    return types.flatMap((type): Direction[] =>
      type === "Egress" ? ["egress"] : type === "Ingress" ? ["ingress"] : [],
    );
  return spec.at("egress").present ? ["ingress", "egress"] : ["ingress"];
}

export type NamespaceLabels = (namespace: string) => Record<string, unknown>;

function indexed(rules: Value, peersKey: string): RuleIndex {
  const index: RuleIndex = { byPods: new Map(), general: [] };
  for (const value of rules.list()) {
    const peers = value.at(peersKey).list();
    const rule = { field: value.path, peers: [] as Value[], ports: value.at("ports").list() };
    for (const peer of peers) {
      const key = keyOf(peer);
      if (key === undefined) rule.peers.push(peer);
      else index.byPods.set(key, [...(index.byPods.get(key) ?? []), { rule, peer }]);
    }
    if (peers.length === 0 || rule.peers.length > 0) index.general.push(rule);
  }
  return index;
}

/** A peer that names one namespace and a label of its pods. */
function keyOf(peer: Value): string | undefined {
  const namespace = peer.at("namespaceSelector").at("matchLabels").rawMap()[NAMESPACE];
  const [label] = Object.entries(peer.at("podSelector").at("matchLabels").rawMap());
  if (typeof namespace !== "string" || label === undefined || typeof label[1] !== "string") return undefined;
  return `${namespace} ${label[0]}=${label[1]}`;
}

function namedPods({ byPods }: RuleIndex, other: PeerEnd): { rule: NetworkRule; peer: Value }[] {
  if (other.kind === "outside" || byPods.size === 0) return [];
  return Object.entries(other.labels).flatMap(
    ([key, value]) => byPods.get(`${other.namespace} ${key}=${String(value)}`) ?? [],
  );
}

/** Every connection here is TCP. A name means the port of the pods that it arrives at. */
function portFits(value: Value, to: PeerEnd, port: number): boolean {
  if ((value.at("protocol").text() || "TCP") !== "TCP") return false;
  if (!value.at("port").present) return true;
  const number = value.at("port").number() ?? (to.kind === "pods" ? to.named?.(value.at("port").text()) : undefined);
  if (number === undefined) return false;
  const last = value.at("endPort").number() ?? number;
  return port >= number && port <= last;
}
