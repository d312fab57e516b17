import type { Workload } from "../explain/types";
import { type Exports, seenFrom } from "../mesh/exportTo";
import { fits } from "../mesh/labels";
import type { Service } from "../mesh/service";
import { UNKNOWN } from "../mesh/unknown";
import type { RouteObject } from "../mesh/virtualService";
import type { Pods } from "../mesh/workload";
import { gatewayNamespaces, isGateway } from "./egressGateways";
import { Importers, type Scope } from "./importers";
import { injection } from "./injection";
import { matchLabels, matchNamespaces, meshRoutesOf } from "./meshRoutes";
import { defaultSidecars } from "./namespaceDeniesByDefault";
import type { RuleContext } from "./rule";

/** Pods that behave alike towards one host, by one of them. */
export interface Caller {
  workload: Workload;
  /** For messages: "the pods of Sidecar test-app/app-a". */
  who: string;
}

/** Stands for every namespace that no object here names. */
const ELSEWHERE = "any-other-namespace";
/** Known pods that are asked about one by one, for each Sidecar; beyond, pods like them have been asked. */
const MOST_PODS = 20;

export function importers(context: RuleContext): Importers {
  return new Importers(context);
}

/**
 * The workloads that see a host of a ServiceEntry, by classes that behave alike: those of each Sidecar that imports it,
 * and the pods that no Sidecar selects, in each namespace that it is exported to.
 */
export function callersOf(context: RuleContext, service: Pick<Service, "host" | "namespace" | "exports">): Caller[] {
  const { exports } = service;
  if (exports === "nobody") return [];
  const routes = meshRoutesOf(context.mesh, service.host);
  const callers: Caller[] = [];
  for (const scope of context.shared(importers).of(service.namespace, service.host, exports))
    if (mayHaveSidecars(context, scope.namespace)) callers.push(...ofScope(context, scope, routes));
  for (const namespace of unscoped(context, service, routes))
    callers.push(...anonymous(namespace, {}, routes, namespaceText(namespace)));
  return callers;
}

/** Not a gateway's namespace, and not one whose pods get no sidecar. */
function mayHaveSidecars(context: RuleContext, namespace: string): boolean {
  return !context.shared(gatewayNamespaces).has(namespace) && injection(context.mesh, namespace) !== "off";
}

function ofScope(context: RuleContext, { object, namespace, selector }: Scope, routes: RouteObject[]): Caller[] {
  const who = `the pods of ${object.id}`;
  if (Object.keys(selector).length === 0) return anonymous(namespace, {}, routes, who);
  const known = distinctPods(context, namespace, selector);
  if (known.length > 0) return known.map((pods) => ({ workload: pods.asWorkload(), who: pods.id }));
  return anonymous(namespace, selector, routes, who, object.name);
}

/** Known pods with the labels, one of each set of labels. */
function distinctPods({ mesh }: RuleContext, namespace: string, selector: Record<string, string>): Pods[] {
  const fitting = mesh
    .podCandidates(namespace, selector)
    .filter((pods) => !isGateway(pods) && hasLabels(pods, selector));
  if (fitting.length < 2) return fitting;
  const found = new Map<string, Pods>();
  for (const pods of fitting) {
    if (found.size >= MOST_PODS) break;
    const key = JSON.stringify(Object.entries(pods.labels).sort());
    if (!found.has(key)) found.set(key, pods);
  }
  return [...found.values()];
}

function hasLabels(pods: Pods, selector: Record<string, string>): boolean {
  const { labels } = pods;
  if (Object.values(labels).includes(UNKNOWN)) return false;
  return fits(selector, labels, { object: pods.id, field: "metadata.labels" });
}

/**
 * Pods of which nothing is known but some labels: as they are, and with the labels that a route asks its callers for. Their service
 * account is guessed: an application's Sidecar mostly has its name.
 */
function anonymous(
  namespace: string,
  labels: Record<string, string>,
  routes: RouteObject[],
  who: string,
  serviceAccount?: string,
): Caller[] {
  const workload = { namespace, labels, name: who, injected: true, serviceAccount };
  const callers = [{ workload, who }];
  for (const more of matchLabels(routes)) {
    const all = { ...more, ...labels };
    if (Object.keys(more).some((key) => all[key] !== more[key])) continue;
    const text = Object.entries(more).map(([key, value]) => `${key}=${value}`);
    callers.push({
      workload: { ...workload, labels: all },
      who: `${who} with ${text.join(",")}`,
    });
  }
  return callers;
}

/** Namespaces that see the service and have pods that no Sidecar of their own selects. */
function unscoped(
  context: RuleContext,
  service: Pick<Service, "namespace" | "exports">,
  routes: RouteObject[],
): string[] {
  const covered = context.shared(defaultSidecars);
  const open = (namespace: string) => !covered.has(namespace) && mayHaveSidecars(context, namespace);
  if (service.exports !== "everybody") return [...(service.exports as ReadonlySet<string>)].filter(open);
  const special = new Set([
    service.namespace,
    ...routes.flatMap((route) => [route.namespace, ...named(route.exports)]),
    ...matchNamespaces(routes),
  ]);
  const rest = context.options.otherNamespaces === false ? knownNamespaces(context).find(open) : ELSEWHERE;
  if (rest !== undefined) special.add(rest);
  return [...special].filter((namespace) => open(namespace) && seenFrom(service.exports, namespace));
}

function named(exports: Exports): string[] {
  return typeof exports === "string" ? [] : [...exports];
}

function knownNamespaces({ mesh }: RuleContext): string[] {
  return [...new Set([...mesh.namespaces.keys(), ...mesh.pods.map((pods) => pods.namespace)])];
}

function namespaceText(namespace: string): string {
  return namespace === ELSEWHERE
    ? "a pod of any other namespace"
    : `a pod of namespace ${namespace} that no Sidecar selects`;
}
