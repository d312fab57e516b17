/**
 * Who reaches what, and how: every class of workloads × host × port, by asking `explain` once for each.
 * Workloads that no selector, namespace or identity tells apart are one class.
 */
import { explain } from "../explain/explain";
import type { Call, CallProtocol, Verdict, Workload } from "../explain/types";
import { seenFrom } from "../mesh/exportTo";
import { isWildcard } from "../mesh/hosts";
import type { Mesh } from "../mesh/mesh";
import type { Port } from "../mesh/protocol";
import type { Service } from "../mesh/service";
import { Undecided } from "../mesh/unknown";
import { classesOf, type WorkloadClass } from "./classes";

export interface ReachOptions {
  /** Workloads to ask for; default: the applications of the mesh (owners of pods that are no gateways). */
  workloads?: Workload[];
  /** Hosts to ask for; default: every host of a ServiceEntry outside the mesh, on each of its ports. */
  hosts?: HostPort[];
  /** Keep answers of workloads that cannot see the host at all; default false, as they are `workloads × hosts` many. */
  unseen?: boolean;
}

export interface HostPort {
  host: string;
  port: number;
  protocol: CallProtocol;
}

export interface Reached {
  /** The class asked for: its first workload stands for all. */
  workload: Workload;
  /** Names ("namespace/name") of the class's workloads. */
  members: string[];
  target: HostPort;
  verdict: Verdict;
}

/** Linear in classes × the hosts that each may see. */
export function reach(mesh: Mesh, options: ReachOptions = {}): Reached[] {
  const classes = classesOf(mesh, options.workloads ?? applications(mesh));
  const targets = options.hosts ?? externalTargets(mesh);
  return classes.flatMap((cls) => seenTargets(mesh, cls, targets, options).map((target) => ask(mesh, cls, target)));
}

export function ask(mesh: Mesh, cls: WorkloadClass, target: HostPort): Reached {
  const call: Call = {
    workload: cls.workload,
    host: nameUnder(target.host),
    port: target.port,
    protocol: target.protocol,
  };
  return { workload: cls.workload, members: cls.members, target, verdict: explain(mesh, call) };
}

/** A wildcard is asked for by some name under it. */
export function nameUnder(host: string): string {
  return isWildcard(host) ? `any-name${host.startsWith("*.") ? host.slice(1) : `.${host.slice(1)}`}` : host;
}

function applications(mesh: Mesh): Workload[] {
  return mesh.pods.filter((pods) => !pods.isGateway).map((pods) => pods.asWorkload());
}

/** Hosts and ports of ServiceEntries outside the mesh. */
export function externalTargets(mesh: Mesh): HostPort[] {
  const found = new Map<string, HostPort>();
  for (const host of mesh.services.byHost.names()) {
    for (const service of mesh.services.byHost.at(host)) {
      if (service.registry === "external")
        for (const target of targetsOf(service)) found.set(`${host} ${target.port} ${target.protocol}`, target);
    }
  }
  return [...found.values()];
}

export function targetsOf(service: Service): HostPort[] {
  try {
    return service.ports.flatMap((port) =>
      protocolsOf(port).map((protocol) => ({ host: service.host, port: port.number, protocol })),
    );
  } catch (error) {
    if (error instanceof Undecided) return [{ host: service.host, port: 443, protocol: "tls" }];
    throw error;
  }
}

/** A port is asked for with the bytes that it is meant for; one without protocol with each. */
function protocolsOf(port: Port): CallProtocol[] {
  if (port.kind === "udp") return [];
  return port.kind === "detect" ? ["http", "tls", "tcp"] : [port.kind];
}

/** Without `unseen`, only hosts that some object visible to the namespace names; a namespace with a wide scope sees all of them. */
export function seenTargets(mesh: Mesh, cls: WorkloadClass, targets: HostPort[], options: ReachOptions): HostPort[] {
  if (options.unseen || options.hosts) return targets;
  if (cls.imports) return [...cls.imports].flatMap((host) => ofHost(mesh, host, cls.workload.namespace));
  return targets.filter(({ host }) => visible(mesh, host, cls.workload.namespace));
}

function ofHost(mesh: Mesh, host: string, namespace: string): HostPort[] {
  const services = mesh.services.byHost
    .at(host)
    .filter((service) => service.registry === "external" && seen(service, namespace));
  return [...new Map(services.flatMap(targetsOf).map((t) => [`${t.port} ${t.protocol}`, t])).values()];
}

function visible(mesh: Mesh, host: string, namespace: string): boolean {
  return mesh.services.byHost.at(host).some((service) => seen(service, namespace));
}

function seen(service: Service, namespace: string): boolean {
  try {
    return seenFrom(service.exports, namespace);
  } catch (error) {
    if (error instanceof Undecided) return true;
    throw error;
  }
}
