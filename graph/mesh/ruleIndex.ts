import type { DestinationRule } from "./destinationRule";
import { HostIndex } from "./hostIndex";
import { Undecided } from "./unknown";

interface Pools {
  home: HostIndex<DestinationRule>;
  exported: HostIndex<DestinationRule>;
  private: HostIndex<DestinationRule>;
  undecided?: Undecided;
}

/** DestinationRules by namespace and host, in the pools that Istio searches (`model/push_context.go: setDestinationRules`). */
export class RuleIndex {
  private readonly byNamespace = new Map<string, Pools>();

  constructor(private readonly rootNamespace: string) {}

  add(rule: DestinationRule): void {
    const pools = this.poolsOf(rule.object.namespace);
    try {
      const { host } = rule;
      if (rule.usableAtHome) pools.home.add(host, rule);
      if (!rule.privateOnly) pools.exported.add(host, rule);
      else pools.private.add(host, rule);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      pools.undecided ??= error;
    }
  }

  private poolsOf(namespace: string): Pools {
    let pools = this.byNamespace.get(namespace);
    if (!pools) {
      pools = { home: new HostIndex(), exported: new HostIndex(), private: new HostIndex() };
      this.byNamespace.set(namespace, pools);
    }
    return pools;
  }

  /**
   * Candidates for a service, in the three places, up to the first with a matching host: the client's namespace, the service's, the
   * root namespace (`model/push_context.go: destinationRule`). `exported` asks for the check of exportTo against the client.
   */
  *search(
    clientNamespace: string,
    serviceNamespace: string,
    host: string,
  ): IterableIterator<{ rules: DestinationRule[]; exported: boolean }> {
    const home = clientNamespace === this.rootNamespace ? "private" : "home";
    yield { rules: this.best(clientNamespace, home, host), exported: false };
    yield { rules: this.best(serviceNamespace, "exported", host), exported: true };
    yield { rules: this.best(this.rootNamespace, "exported", host), exported: true };
  }

  private best(namespace: string, pool: "home" | "exported" | "private", host: string): DestinationRule[] {
    const pools = this.byNamespace.get(namespace);
    if (!pools) return [];
    if (pools.undecided) throw pools.undecided;
    const name = pools[pool].covering(host)[0];
    return name === undefined ? [] : pools[pool].at(name);
  }
}
