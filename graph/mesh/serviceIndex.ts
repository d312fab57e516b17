import { isCidr } from "./addresses";
import { seenFrom } from "./exportTo";
import { HostIndex } from "./hostIndex";
import { push } from "./labelIndex";
import type { PortKind } from "./protocol";
import type { Service } from "./service";
import { Undecided } from "./unknown";

/**
 * What can stand on a port: HTTP, or chains by SNI, by CIDR, or for everything (no address); "plain": on addresses of its own;
 * "special": where the order of services decides more than usual.
 */
export type Slot = "http" | "tls" | "cidr" | "open" | "plain" | "special";

/** Services by host, by port and by address. */
export class ServiceIndex {
  readonly byHost = new HostIndex<Service>();
  private readonly byAddress = new Map<string, Service[]>();
  private readonly publicSlots = new Map<string, Service[]>();
  private readonly namedSlots = new Map<string, Service[]>();
  private readonly aliases = new Map<string, Service[]>();
  /** Services whose ports, addresses or exportTo are not known yet. */
  readonly undecided: { service: Service; why: Undecided }[] = [];
  /** ServiceEntries whose hosts are not known yet. */
  readonly hostsUndecided: Undecided[] = [];

  add(service: Service): void {
    this.byHost.add(service.host, service);
    try {
      if (service.aliasOf !== undefined) push(this.aliases, service.aliasOf, service);
      for (const address of service.addresses) if (!isCidr(address)) push(this.byAddress, address, service);
      this.addSlots(service);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      this.undecided.push({ service, why: error });
    }
  }

  private addSlots(service: Service): void {
    const { exports } = service;
    if (exports === "nobody") return;
    for (const port of service.ports) {
      for (const slot of slotsOf(service, port.kind, port.protocol)) {
        const key = `${port.number}/${slot}`;
        if (exports === "everybody") push(this.publicSlots, key, service);
        else for (const namespace of exports) push(this.namedSlots, `${namespace}/${key}`, service);
      }
    }
  }

  /** Services of a slot that a namespace may see: those exported to it by name, then the public ones. */
  *onPort(namespace: string, port: number, slot: Slot): IterableIterator<Service> {
    yield* this.namedSlots.get(`${namespace}/${port}/${slot}`) ?? [];
    yield* this.publicSlots.get(`${port}/${slot}`) ?? [];
  }

  at(host: string, namespace: string): Service[] {
    return this.byHost.at(host).filter((service) => seenFrom(service.exports, namespace));
  }

  withAddress(address: string): Service[] {
    return this.byAddress.get(address) ?? [];
  }

  /** Hosts that an ExternalName Service of this name stands for. */
  aliasTargets(host: string): string[] {
    return this.byHost
      .at(host)
      .map((service) => service.aliasOf)
      .filter((target) => target !== undefined);
  }

  /** ExternalName Services that stand for the host. */
  aliasesOf(host: string): Service[] {
    return this.aliases.get(host) ?? [];
  }
}

const PICKY = new Set(["mongo", "mysql"]);

/** Slots that a service fills on a port number. */
export function slotsOn(service: Service, port: number): Set<Slot> {
  const found = new Set<Slot>();
  for (const { number, kind, protocol } of service.ports)
    if (number === port) for (const slot of slotsOf(service, kind, protocol)) found.add(slot);
  return found;
}

/** Slots of a port on the listener 0.0.0.0:port; a port with a plain address alone has a listener of its own. */
function slotsOf(service: Service, kind: PortKind, protocol: string): Slot[] {
  if (service.aliasOf !== undefined || kind === "udp") return [];
  if (kind === "http") return ["http"];
  const slots: Slot[] = kind === "detect" ? ["http"] : [];
  const { addresses } = service;
  if (addresses.some(isCidr)) slots.push("cidr");
  if (addresses.some((address) => !isCidr(address))) slots.push("plain");
  if (addresses.length === 0 && service.resolution !== "HEADLESS") slots.push(kind === "tls" ? "tls" : "open");
  const shared = slots.includes("open") || slots.includes("cidr");
  if (shared && (PICKY.has(protocol) || kind === "detect")) slots.push("special");
  return slots;
}
