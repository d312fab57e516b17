import { groupBy } from "../group";
import type { DestinationIntent, GatewayIntent, Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { isWildcard } from "../mesh/hosts";
import { denyingPolicy, gatewayPolicy } from "./authorizationPolicy";
import { destinationRule } from "./destinationRule";
import { entriesOf } from "./entries";
import { gateway } from "./gateway";
import { loopbackServiceEntry, sniForwardFilter } from "./loopback";
import { namespaces } from "./namespace";
import { originationRule } from "./origination";
import { strictMutualTls } from "./peerAuthentication";
import { baseRelease, gatewayRelease, istiodRelease } from "./release";
import { serviceAccount } from "./serviceAccount";
import { gatewayServiceEntry, routesServiceEntry } from "./serviceEntry";
import { applicationSidecar, namespaceSidecar } from "./sidecar";
import { type Tunnel, tunnelsOf } from "./tunnel";
import { virtualService } from "./virtualService";

/** An object to be made, and what must be there and ready before it; on deletion the order is reversed. */
export interface Planned {
  /** `Kind namespace/name`, unique in a plan. */
  key: string;
  manifest: Manifest;
  /** Keys of planned objects. */
  after: string[];
}

/** `Kind namespace/name`; cluster-scoped objects have no namespace. */
export function keyOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}

/**
 * Every object of an intent, in an order in which it can be made: namespaces; Istio; the denying Sidecars and the
 * policies of the whole gateway namespace; then, gateway by gateway, its pods and its side of each destination; only
 * then the applications' side. So a route never leads to a gateway that is not ready, no gateway is there before what
 * denies and after it is gone, and nothing that needs Istio's CRDs or webhook comes before istiod.
 */
export function plan(intent: Intent): Planned[] {
  const made = new Plan();
  for (const namespace of namespaces(intent)) made.add(namespace, []);
  const control = addControlPlane(made, intent);
  const destinations = new Map(intent.destinations.map((destination) => [destination.name, destination]));
  const denied = addDenials(made, intent, control);
  const closed = [...control, ...addGatewayDenials(made, intent, control)];
  const byGateway = groupBy(intent.destinations, (destination) => destination.gateway);
  for (const each of intent.gateways) addGateway(made, intent, each, byGateway.get(each.name) ?? [], closed);
  for (const application of intent.applications) {
    if (application.createServiceAccount) made.add(serviceAccount(application), []);
    made.add(applicationSidecar(intent, application, destinations), [
      ...control,
      ...(denied.get(application.namespace) ?? []),
    ]);
  }
  return made.objects;
}

/** The objects alone. */
export function manifests(intent: Intent): Manifest[] {
  return plan(intent).map(({ manifest }) => manifest);
}

/** Collects planned objects; each waits for its namespace, if that is planned too. */
class Plan {
  readonly objects: Planned[] = [];
  readonly #keys = new Set<string>();

  add(manifest: Manifest, after: readonly string[]): string {
    const key = keyOf(manifest);
    const namespace = `Namespace ${manifest.metadata.namespace}`;
    this.objects.push({ key, manifest, after: [...(this.#keys.has(namespace) ? [namespace] : []), ...after] });
    this.#keys.add(key);
    return key;
  }
}

function addControlPlane(made: Plan, intent: Intent): string[] {
  if (!intent.istio.install) return [];
  const base = made.add(baseRelease(intent), []);
  return [made.add(istiodRelease(intent), [base])];
}

function addDenials(made: Plan, intent: Intent, control: string[]): Map<string, string[]> {
  return new Map(
    intent.applicationNamespaces.map((name) => [name, [made.add(namespaceSidecar(intent, name), control)]]),
  );
}

/** What holds for the gateways' namespace as a whole. */
function addGatewayDenials(made: Plan, intent: Intent, control: string[]): string[] {
  const policies = [
    ...(intent.guards.strictMutualTls ? [strictMutualTls(intent)] : []),
    ...(intent.guards.authorization ? [denyingPolicy(intent)] : []),
  ];
  return policies.map((policy) => made.add(policy, control));
}

function addGateway(
  made: Plan,
  intent: Intent,
  each: GatewayIntent,
  destinations: DestinationIntent[],
  closed: string[],
): void {
  const pods = made.add(gatewayRelease(intent, each), closed);
  const tunnels = tunnelsOf(destinations);
  const byHost = groupBy(tunnels, ({ host }) => host);
  const inner = destinations.flatMap((destination) => addInnerSide(made, intent, each, destination, byHost, closed));
  const served = destinations.some((destination) => destination.allowedTo.length > 0);
  const allowed =
    served && intent.guards.authorization ? [made.add(gatewayPolicy(intent, each, destinations, tunnels), closed)] : [];
  const servers = served
    ? [made.add(gateway(intent, each, destinations, tunnels), [...closed, ...inner, ...allowed])]
    : [];
  for (const destination of destinations) {
    const rules = destination.hosts.map(({ name }) =>
      made.add(destinationRule(intent, destination, name), [pods, ...servers]),
    );
    for (const entry of entriesOf(destination))
      made.add(routesServiceEntry(intent, destination, entry), [pods, ...servers, ...rules]);
  }
}

/** The gateway's side of a destination. TLS is said before a route leads to the host: without it plaintext would leave. */
function addInnerSide(
  made: Plan,
  intent: Intent,
  gateway: GatewayIntent,
  destination: DestinationIntent,
  tunnels: ReadonlyMap<string, Tunnel[]>,
  closed: string[],
): string[] {
  const entries = entriesOf(destination).map((entry) =>
    made.add(gatewayServiceEntry(intent, destination, entry), closed),
  );
  const hosts = destination.hosts.flatMap(({ name }) => {
    const tls = originationRule(intent, destination, name);
    const rules = tls === undefined ? [] : [made.add(tls, closed)];
    const ofHost = tunnels.get(name) ?? [];
    const hops = ofHost.length === 0 ? [] : [made.add(loopbackServiceEntry(intent, name, ofHost), closed)];
    const filters = ofHost
      .filter(() => isWildcard(name))
      .map((tunnel) => made.add(sniForwardFilter(intent, gateway, tunnel), closed));
    const route = virtualService(intent, destination, name, ofHost);
    return [...rules, ...hops, ...filters, made.add(route, [...closed, ...rules])];
  });
  return [...entries, ...hosts];
}
