import type { Exports } from "../mesh/exportTo";
import type { MeshObject } from "../mesh/object";
import { Undecided } from "../mesh/unknown";
import { type Complaint, undecided } from "./finding";
import type { Rule, RuleContext } from "./rule";

/**
 * Of two ServiceEntries or two mesh VirtualServices for a host a proxy uses one (Istio docs, "Traffic Management
 * Problems", and `SidecarScope`): which one depends on age, so a route may change its way without anybody's doing.
 */
export const noConflictingHosts: Rule = {
  code: "no-conflicting-hosts",
  *check(context) {
    yield* serviceEntries(context);
    yield* meshRoutes(context);
  },
};

interface Claim {
  object: MeshObject;
  exports: Exports;
}

function* serviceEntries(context: RuleContext): Iterable<Complaint> {
  const { byHost } = context.mesh.services;
  for (const host of byHost.names()) {
    const entries = byHost.at(host).filter((service) => service.registry === "external");
    if (entries.length > 1) yield* conflicts(context, host, entries, "spec.hosts", true);
  }
}

function* meshRoutes(context: RuleContext): Iterable<Complaint> {
  const routes = context.mesh.routes.boundTo("mesh");
  for (const host of routes.names()) {
    const found = routes.at(host).filter((route) => !route.gatewaySemantics);
    if (found.length > 1) yield* conflicts(context, host, found, "spec.hosts", false);
  }
}

function* conflicts(
  context: RuleContext,
  host: string,
  claims: Claim[],
  field: string,
  atHome: boolean,
): Iterable<Complaint> {
  const taken = new Taken();
  for (const claim of claims) {
    try {
      const other = taken.claim(claim, atHome);
      if (other === undefined) continue;
      // The one that is judged here is blamed, whichever comes first.
      const [blamed, named] = context.judged(claim.object) ? [claim.object, other] : [other, claim.object];
      if (context.judged(blamed)) yield conflict(blamed, named, host, field);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      if (context.judged(claim.object)) yield undecided(claim.object, error);
    }
  }
}

function conflict(object: MeshObject, other: MeshObject, host: string, field: string): Complaint {
  const where = other.source === undefined ? "" : ` (${other.source})`;
  return {
    object,
    field,
    seen: host,
    message: `${other.id}${where} declares ${host} too, for some of the same workloads: Istio takes one of them and drops the other`,
    fix: "Keep one of the two, or let exportTo name different namespaces in each",
  };
}

/** Who has claimed a host so far, by the namespaces that see the claim. */
class Taken {
  private readonly seen = new Map<string, MeshObject>();
  private readonly home = new Map<string, MeshObject>();
  private everybody?: MeshObject;
  private first?: MeshObject;

  /**
   * The earlier object that some workload sees beside this one. With `atHome`, two in one namespace always clash: look-ups by host
   * and namespace know one (Istio `model/push_context.go: initServiceRegistry`).
   */
  claim({ object, exports }: Claim, atHome: boolean): MeshObject | undefined {
    if (exports === "nobody") return undefined;
    const other =
      this.everybody ??
      (exports === "everybody" ? this.first : this.among(exports)) ??
      (atHome ? this.home.get(object.namespace) : undefined);
    this.first ??= object;
    if (atHome && !this.home.has(object.namespace)) this.home.set(object.namespace, object);
    if (exports === "everybody") this.everybody ??= object;
    else for (const namespace of exports) if (!this.seen.has(namespace)) this.seen.set(namespace, object);
    return other === object ? undefined : other;
  }

  private among(namespaces: ReadonlySet<string>): MeshObject | undefined {
    for (const namespace of namespaces) {
      const found = this.seen.get(namespace);
      if (found) return found;
    }
    return undefined;
  }
}
