import type { GatewayObject } from "./gateway";
import { push, SelectorIndex } from "./labelIndex";
import { fits } from "./labels";
import { known } from "./unknown";

/** Gateways by name, by selector, and by the Service whose pods they configure. */
export class GatewayIndex {
  private readonly byKey = new Map<string, GatewayObject>();
  private readonly bySelector = new SelectorIndex<GatewayObject>();
  private readonly byService = new Map<string, GatewayObject[]>();

  add(gateway: GatewayObject): void {
    this.byKey.set(gateway.key, gateway);
    if (gateway.services) for (const host of gateway.services) push(this.byService, host, gateway);
    else this.bySelector.add(selectorIfKnown(gateway), gateway);
  }

  named(key: string): GatewayObject | undefined {
    return this.byKey.get(key);
  }

  all(): IterableIterator<GatewayObject> {
    return this.byKey.values();
  }

  /**
   * Gateways that configure a gateway proxy with these labels behind these Services, whatever their namespace
   * (`model/push_context.go: mergeGateways`; PILOT_SCOPE_GATEWAY_TO_NAMESPACE is off by default).
   */
  configuring(labels: Record<string, unknown>, serviceHosts: string[]): GatewayObject[] {
    const selected = this.bySelector.candidates(labels).filter((gateway) => {
      const place = { object: gateway.object.id, field: "spec.selector" };
      return fits(gateway.selector ?? {}, labels, place);
    });
    const api = serviceHosts.flatMap((host) => this.byService.get(host) ?? []);
    const managed = api.filter((gateway) => gateway.managed).map((gateway) => gateway.namespace);
    // Strict merging: beside a managed Gateway API gateway, Gateways of other namespaces do not count.
    const kept = managed.length === 0 ? selected : selected.filter((gateway) => managed.includes(gateway.namespace));
    return [...new Set([...kept, ...api])];
  }
}

function selectorIfKnown(gateway: GatewayObject): Record<string, unknown> | undefined {
  return known(() => gateway.selector);
}
