import { exportRank, seenFrom } from "../mesh/exportTo";
import { push } from "../mesh/labelIndex";
import type { Port } from "../mesh/protocol";
import { portOf, type Scoped, type Service, whole } from "../mesh/service";
import { type Slot, slotsOn } from "../mesh/serviceIndex";
import type { ListenerSettings } from "../mesh/sidecar";
import type { Walk } from "./walk";

/**
 * The services that one egress listener of a sidecar imports, asked for by host, by port or by address, never listed
 * (Istio API `Sidecar.egress[].hosts`; `model/sidecar.go: convertIstioListenerToWrapper, selectServices`).
 */
export class ListenerScope {
  constructor(
    private readonly walk: Walk,
    readonly namespace: string,
    readonly settings: ListenerSettings,
  ) {}

  private readonly memo = new Map<string, Scoped[]>();

  /** Services with exactly this hostname, in Istio's order; all of one namespace. */
  host(host: string): Scoped[] {
    let found = this.memo.get(host);
    if (!found) {
      found = this.select(host);
      this.memo.set(host, found);
    }
    return found;
  }

  private select(host: string): Scoped[] {
    const { filter } = this.settings;
    const candidates = filter.allExact
      ? this.lookUp(host)
      : this.walk.mesh.services.at(host, this.namespace).map(whole);
    const imported = candidates
      .filter(({ service }) => filter.importsService(service.namespace, host))
      .map((scoped) => this.trim(scoped))
      .filter((scoped) => scoped !== undefined);
    if (imported.length < 2) return imported;
    const namespace = this.winner(imported.map((scoped) => scoped.service));
    const kept = imported.filter(({ service }) => service.namespace === namespace);
    return kept.length < 2 ? kept : inOrder(this.walk, kept);
  }

  /**
   * Entries all exact: one service for each host and namespace, and one address of it, is all that Istio looks at
   * (`model/sidecar.go: servicesForExactHosts`).
   */
  private lookUp(host: string): Scoped[] {
    const all = this.walk.mesh.services.byHost.at(host);
    const namespaces = new Set(all.map((service) => service.namespace));
    const found: Scoped[] = [];
    for (const namespace of namespaces) {
      if (!this.settings.filter.importsService(namespace, host)) continue;
      const service = indexed(this.walk, host, namespace);
      if (!service || !seenFrom(service.exports, this.namespace)) continue;
      found.push({ service, ports: service.ports, addresses: service.addresses.slice(0, 1) });
    }
    return found;
  }

  /** A listener with a port sees that port alone. */
  private trim(scoped: Scoped): Scoped | undefined {
    const { port, protocol } = this.settings;
    if (!port || protocol === "http_proxy") return scoped;
    const found = portOf(scoped, port);
    return found && { ...scoped, ports: [found] };
  }

  /** The own namespace; else that of a Kubernetes Service; else the first in order (`selectServices`). */
  private winner(services: Service[]): string {
    if (services.some((service) => service.namespace === this.namespace)) return this.namespace;
    const namespaces = new Set(services.map((service) => service.namespace));
    if (namespaces.size === 1) return [...namespaces][0] as string;
    const kube = services.filter((service) => service.registry === "kubernetes");
    return (firstService(this.walk, kube.length > 0 ? kube : services) as Service).namespace;
  }

  contains(service: Service, port: number): Scoped | undefined {
    return this.host(service.host).find((scoped) => scoped.service === service && portOf(scoped, port));
  }

  /** Some imported service in a slot of the port. */
  any(port: number, slot: Slot): Scoped | undefined {
    for (const scoped of this.onPort(port, slot)) return scoped;
    return undefined;
  }

  *onPort(port: number, slot: Slot): IterableIterator<Scoped> {
    for (const service of this.candidates(port, slot)) {
      const scoped = this.contains(service, port);
      if (scoped) yield scoped;
    }
  }

  /** What the entries name or cover; where one takes any host, what the namespace may see on the port. */
  private candidates(port: number, slot: Slot): Iterable<Service> {
    if (this.settings.filter.anyHost) return this.walk.mesh.services.onPort(this.namespace, port, slot);
    let slots = this.slots.get(port);
    if (!slots) {
      slots = this.slotsOf(port);
      this.slots.set(port, slots);
    }
    return slots.get(slot) ?? [];
  }

  private readonly slots = new Map<number, Map<Slot, Service[]>>();

  private slotsOf(port: number): Map<Slot, Service[]> {
    const { byHost } = this.walk.mesh.services;
    const found = new Map<Slot, Service[]>();
    for (const host of this.settings.filter.hostsIn(byHost)) {
      for (const service of byHost.at(host)) for (const slot of slotsOn(service, port)) push(found, slot, service);
    }
    return found;
  }

  /** Services that have plain addresses, on whatever address. */
  withPlainAddress(port: number): Scoped[] {
    return [...this.onPort(port, "plain")];
  }

  /** Names of imported ExternalName Services that stand for the host. */
  aliasesOf(host: string): string[] {
    return this.walk.mesh.services
      .aliasesOf(host)
      .filter(
        (alias) =>
          seenFrom(alias.exports, this.namespace) && this.settings.filter.importsService(alias.namespace, alias.host),
      )
      .map((alias) => alias.host);
  }

  *withAddress(address: string, port: number): IterableIterator<Scoped> {
    for (const service of this.walk.mesh.services.withAddress(address)) {
      const scoped = this.contains(service, port);
      if (scoped?.addresses.includes(address)) yield scoped;
    }
  }
}

/** The service that Istio's index by host and namespace keeps: the oldest, but a Kubernetes Service beats ServiceEntries. */
export function indexed(walk: Walk, host: string, namespace: string): Service | undefined {
  const all = walk.mesh.services.byHost.at(host).filter((service) => service.namespace === namespace);
  const kube = all.filter((service) => service.registry === "kubernetes");
  return walk.ages.first(kube.length > 0 ? kube : all, (service) => service);
}

/** Those exported by name come before public ones, the older before the younger (`SortServicesByCreationTime`). */
export function inOrder(walk: Walk, scoped: Scoped[]): Scoped[] {
  const byRank = (rank: number): Scoped[] => scoped.filter(({ service }) => exportRank(service.exports) === rank);
  return [0, 1].flatMap((rank) => walk.ages.order(byRank(rank), ({ service }) => service));
}

export function firstService(walk: Walk, services: Service[]): Service | undefined {
  const named = services.filter((service) => exportRank(service.exports) === 0);
  return walk.ages.first(named.length > 0 ? named : services, (service) => service);
}

/**
 * Same-named services become one cluster list (`model/sidecar.go: appendSidecarServices`): a Kubernetes Service beats ServiceEntries;
 * ports of ServiceEntries merge only if all that matters is equal; otherwise the later one counts for nothing.
 */
export function fold(services: Scoped[]): Scoped | undefined {
  let kept: Scoped | undefined;
  for (const next of services) {
    if (!kept) kept = next;
    else if (kept.ports !== next.ports) kept = foldTwo(kept, next);
  }
  return kept;
}

function foldTwo(kept: Scoped, next: Scoped): Scoped {
  if (kept.service.registry !== next.service.registry) return next.service.registry === "kubernetes" ? next : kept;
  if (samePorts(kept.ports, next.ports) || !mergeable(kept.service, next.service)) return kept;
  const numbers = new Set(kept.ports.map((port) => port.number));
  return { ...kept, ports: [...kept.ports, ...next.ports.filter((port) => !numbers.has(port.number))] };
}

function samePorts(a: Port[], b: Port[]): boolean {
  return a.length === b.length && a.every((port, i) => sameButTarget(port, b[i] as Port));
}

function sameButTarget(a: Port, b: Port): boolean {
  return a.number === b.number && a.name === b.name && a.protocol === b.protocol;
}

function mergeable(a: Service, b: Service): boolean {
  if (a === b) return true;
  const facts = (s: Service): string =>
    JSON.stringify([
      s.namespace,
      s.resolution,
      s.registry,
      sorted(s.object.labels),
      sorted(s.selector ?? {}),
      [...s.exportList].sort(),
    ]);
  return facts(a) === facts(b);
}

function sorted(map: Record<string, unknown>): [string, unknown][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}
