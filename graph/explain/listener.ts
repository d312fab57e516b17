/**
 * Stage "listener": the sidecar's outbound listener for the dialled address and port, and its filter chains.
 * Istio `core/listener.go: buildSidecarOutboundListeners, buildSidecarOutboundListener, mergeTCPFilterChains`;
 * Istio API `Sidecar.egress[].port, bind, captureMode`. Only chains that this call could meet are worked out.
 */
import { isCidr, maskedRange } from "../mesh/addresses";
import { exportRank } from "../mesh/exportTo";
import { subsetOf } from "../mesh/hosts";
import type { Port } from "../mesh/protocol";
import { portOf, type Scoped } from "../mesh/service";
import type { Slot } from "../mesh/serviceIndex";
import { type Chain, l4Chains, SHARED, sniOf } from "./chains";
import { lentEndpoints } from "./endpointPool";
import { imports, unique } from "./routes";
import { inOrder, type ListenerScope } from "./scope";
import type { SidecarScope } from "./sidecarScope";
import type { Walk } from "./walk";

export interface Listener {
  bind: string;
  chains: Chain[];
}

const RESERVED = new Set([15001, 15006, 15021, 15090]);

/** Exact address first, then 0.0.0.0; undefined: the virtual outbound listener takes the connection. */
export function findListener(walk: Walk, scope: SidecarScope, address: string | undefined): Listener | undefined {
  for (const bind of address === undefined ? [SHARED] : [address, SHARED]) {
    const chains = chainsAt(walk, scope, bind);
    if (chains) {
      walk.hop("listener", `listener ${bind.includes(":") ? `[${bind}]` : bind}:${walk.call.port}`);
      return { bind, chains };
    }
  }
  walk.hop("listener", `no listener for port ${walk.call.port}: the virtual outbound listener takes the connection`);
  return undefined;
}

/** The first egress listener that has something for the address locks it against the later ones. */
function chainsAt(walk: Walk, scope: SidecarScope, bind: string): Chain[] | undefined {
  for (const listener of scope.listeners) {
    const { port, bind: declared, captureNone, protocol } = listener.settings;
    if (port && port !== walk.call.port) continue;
    if (protocol === "http_proxy")
      throw walk.unmodelled(
        "listener",
        "egress listener of protocol HTTP_PROXY",
        scope.sidecar?.object,
        listener.settings.field,
      );
    const own = declared !== "" ? declared : captureNone ? "127.0.0.1" : undefined;
    if (own !== undefined && own !== bind) continue;
    const chains =
      port || own ? declaredChains(walk, listener, bind, own !== undefined) : freeChains(walk, listener, bind);
    if (chains) return chains;
  }
  return undefined;
}

/** A listener with port (its protocol replaces the services') or bind: its services are few, so all are taken. */
function declaredChains(walk: Walk, listener: ListenerScope, bind: string, bound: boolean): Chain[] | undefined {
  const { settings } = listener;
  const all = inOrder(walk, everyService(walk, listener));
  const entries = all.flatMap((scoped): Entry[] => {
    const own = portOf(scoped, walk.call.port) as Port;
    const port = settings.port ? { ...own, protocol: settings.protocol, kind: settings.kind } : own;
    const here = port.kind === "http" ? bind === SHARED : listensOn(scoped, bind);
    return bound || here ? [{ scoped, port }] : [];
  });
  return build(walk, listener, bind, entries);
}

function listensOn({ service, addresses }: Scoped, bind: string): boolean {
  if (bind !== SHARED) return addresses.includes(bind);
  return addresses.some(isCidr) || (addresses.length === 0 && service.resolution !== "HEADLESS");
}

function everyService(walk: Walk, listener: ListenerScope): Scoped[] {
  const slots: Slot[] = ["http", "tls", "cidr", "open"];
  const shared = slots.flatMap((slot) => [...listener.onPort(walk.call.port, slot)]);
  return unique([...shared, ...listener.withPlainAddress(walk.call.port)]);
}

interface Entry {
  scoped: Scoped;
  port: Port;
}

function freeChains(walk: Walk, listener: ListenerScope, bind: string): Chain[] | undefined {
  if (RESERVED.has(walk.call.port) && bind === SHARED) return undefined;
  if (bind !== SHARED) return build(walk, listener, bind, atAddress(walk, listener, bind));
  const special = listener.any(walk.call.port, "special");
  const services = special ? inOrder(walk, sharedServices(walk, listener)) : relevant(walk, listener);
  return withoutLent(walk, listener, services.map(entryOn(walk)));
}

/** Entries that listen on endpoints lent to them are not on 0.0.0.0. */
function withoutLent(walk: Walk, listener: ListenerScope, entries: Entry[]): Chain[] | undefined {
  if (!entries.some(isOpen)) return build(walk, listener, SHARED, entries);
  const lent = new Map(entries.filter(isOpen).map((e) => [e, lentEndpoints(walk, e.scoped.service, e.port.number)]));
  const { address } = walk.call;
  const there = entries.filter((entry) => lent.get(entry)?.some((endpoint) => endpoint.address === address));
  if (address !== undefined && there.length > 0) return build(walk, listener, address, there);
  return build(
    walk,
    listener,
    SHARED,
    entries.filter((entry) => !lent.get(entry)?.length),
  );
}

/** Whatever is dialled on the port is its own. */
function isOpen({ scoped: { service, addresses }, port }: Entry): boolean {
  return service.resolution === "NONE" && addresses.length === 0 && !service.selector && port.kind !== "http";
}

function entryOn(walk: Walk): (scoped: Scoped) => Entry {
  return (scoped) => ({ scoped, port: portOf(scoped, walk.call.port) as Port });
}

function atAddress(walk: Walk, listener: ListenerScope, bind: string): Entry[] {
  const all = [...listener.withAddress(bind, walk.call.port)].map(entryOn(walk));
  return all.filter(({ port }) => port.kind !== "http" && port.kind !== "udp");
}

function sharedServices(walk: Walk, listener: ListenerScope): Scoped[] {
  return unique(
    (["http", "tls", "cidr", "open"] as Slot[]).flatMap((slot) => [...listener.onPort(walk.call.port, slot)]),
  );
}

/** One HTTP service stands for all (they share the chain); TLS services by server name; the few others all. */
function relevant(walk: Walk, listener: ListenerScope): Scoped[] {
  const { port } = walk.call;
  const found: Scoped[] = [];
  const http = listener.any(port, "http");
  if (http) found.push(http);
  const tls = byServerName(walk, listener);
  found.push(...tls);
  if (tls.length === 0) {
    const other = listener.any(port, "tls");
    if (other) found.push(other);
  }
  found.push(...bySubnet(walk, listener), ...listener.onPort(port, "cidr"), ...listener.onPort(port, "open"));
  return unique(found);
}

/** TLS services to whose chains a VirtualService gives destination ranges: at the first step ranges beat names. */
function bySubnet(walk: Walk, listener: ListenerScope): Scoped[] {
  const routes = walk.mesh.routes.withSubnets.filter((route) => imports(listener, route));
  const names = routes.flatMap((route) => route.hosts.flatMap((host) => walk.mesh.services.byHost.overlapping(host)));
  return unique(names).flatMap((name) => tlsOnShared(walk, listener, name));
}

function tlsOnShared(walk: Walk, listener: ListenerScope, host: string): Scoped[] {
  return listener
    .host(host)
    .filter((scoped) => portOf(scoped, walk.call.port)?.kind === "tls" && listensOn(scoped, SHARED));
}

/** TLS services whose name covers the server name, and those that a VirtualService gives it to. */
function byServerName(walk: Walk, listener: ListenerScope): Scoped[] {
  const sni = sniOf(walk);
  if (sni === "") return [];
  const { services, routes } = walk.mesh;
  const hosts = new Set(services.byHost.covering(sni));
  const bound = routes.boundTo("mesh");
  for (const index of [bound, routes.apiServerNames])
    for (const name of index.covering(sni)) {
      const serving = index
        .at(name)
        .filter((route) =>
          route.tls.some((rule) => rule.matches.some((m) => m.sniHosts.some((s) => subsetOf(sni, s)))),
        );
      if (!serving.some((route) => imports(listener, route))) continue;
      // A VirtualService lends its chains to the services of all its hosts, whatever their names.
      for (const host of new Set(serving.flatMap((route) => route.hosts)))
        for (const service of services.byHost.overlapping(host)) hosts.add(service);
    }
  for (const host of services.aliasTargets(sni)) hosts.add(host);
  return [...hosts].flatMap((host) => tlsOnShared(walk, listener, host));
}

/** Istio's state machine over the services of one address and port. */
function build(walk: Walk, listener: ListenerScope, bind: string, entries: Entry[]): Chain[] | undefined {
  let state: "" | "http" | "tcp" | "mixed" = "";
  let picky = "";
  let first = true;
  const chains: Chain[] = [];
  for (const { scoped, port } of entries) {
    if (port.kind === "udp" || scoped.service.aliasOf !== undefined) continue;
    if (!first && port.kind !== "http" && isPicky(port.protocol, picky)) continue;
    if (!first && port.kind === "http" && state === "tcp" && isPicky(port.protocol, picky)) continue;
    if (port.kind === "http" && state !== "" && state !== "tcp") continue;
    if (port.kind === "detect" && state === "mixed") continue;
    if (port.kind !== "http") chains.push(...addressChains(walk, listener, bind, scoped, port));
    if (port.kind === "http" || port.kind === "detect") chains.push(httpChain(listener, bind, scoped, port));
    const shared = bind === SHARED || port.kind === "detect";
    state = next(state, port.kind === "http" ? (shared ? "mixed" : "http") : port.kind === "detect" ? "mixed" : "tcp");
    if (first) picky = port.protocol;
    if (state === "mixed") picky = "";
    first = false;
  }
  return first ? undefined : withoutDoubles(walk, chains);
}

function next(before: "" | "http" | "tcp" | "mixed", now: "http" | "tcp" | "mixed"): "http" | "tcp" | "mixed" {
  return before === "" || before === now ? now : "mixed";
}

const PICKY = new Set(["mongo", "mysql"]);

/** Mongo and MySQL share a port with nothing else. */
function isPicky(incoming: string, existing: string): boolean {
  return (PICKY.has(incoming) || PICKY.has(existing)) && incoming !== existing;
}

function* addressChains(
  walk: Walk,
  scope: ListenerScope,
  bind: string,
  scoped: Scoped,
  port: Port,
): IterableIterator<Chain> {
  const ranges = bind === SHARED ? scoped.addresses.filter(isCidr) : [];
  if (ranges.length === 0) yield* l4Chains(walk, { scope, scoped, port, bind, cidrs: [] });
  for (const range of ranges) yield* l4Chains(walk, { scope, scoped, port, bind, cidrs: [range] });
}

function httpChain(scope: ListenerScope, bind: string, scoped: Scoped, port: Port): Chain {
  const anyBytes = bind !== SHARED && port.kind === "http";
  const sniffed = bind !== SHARED && port.kind === "detect";
  return { kind: "http", sni: [], cidrs: [], anyBytes, sniffed, scope, scoped, port, targets: [] };
}

/** Of chains with equal conditions the one of the older service stays (`conflictsWith`). */
function withoutDoubles(walk: Walk, chains: Chain[]): Chain[] {
  if (chains.length < 2) return chains;
  const groups = new Map<string, Chain[]>();
  for (const chain of chains) {
    const sni = chain.sni.filter((s) => s !== "*").sort();
    const key = `${chain.kind}|${sni.join()}|${chain.cidrs.map(maskedRange).sort().join()}`;
    groups.set(key, [...(groups.get(key) ?? []), chain]);
  }
  return [...groups.values()].map((group) => (group.length === 1 ? group[0] : oldest(walk, group)) as Chain);
}

function oldest(walk: Walk, chains: Chain[]): Chain | undefined {
  const named = chains.filter((chain) => exportRank(chain.scoped.service.exports) === 0);
  return walk.ages.first(named.length > 0 ? named : chains, (chain) => chain.scoped.service);
}
