/** Configurations with one fault, from a small good one. */

/** A bad configuration with the one line that it must give. */
export type Fault = [title: string, config: unknown, line: string];

/** A small good configuration, to be spoilt. */
export function good() {
  return {
    destinations: { github: { hosts: ["github.com", "www.github.com"] }, httpbin: { hosts: ["httpbin.org"] } },
    applications: [
      { namespace: "shop", name: "cart", allow: ["github"] },
      { namespace: "shop", name: "till", allow: ["github", "httpbin"] },
    ],
  };
}

/** The good configuration with some parts replaced. */
export function with_(parts: Record<string, unknown>): unknown {
  return { ...good(), ...parts };
}

export function destination(parts: Record<string, unknown>): unknown {
  return with_({ destinations: { ...good().destinations, github: { hosts: ["github.com"], ...parts } } });
}

/** A wildcard whose ports are no question. */
export function plainWildcard(host: string): unknown {
  return destination({ hosts: [host], ports: [{ number: 80 }] });
}

export const TCP = [{ number: 5432, protocol: "TCP" }];

export function originating(originateTls: Record<string, unknown>): unknown {
  return destination({ ports: [{ number: 80, originateTls }] });
}

export function application(parts: Record<string, unknown>): unknown {
  return with_({
    applications: [{ namespace: "shop", name: "cart", allow: ["github"], ...parts }, good().applications[1]],
  });
}

export function terms(terms: Record<string, unknown>): unknown {
  return application({ terms: { github: terms } });
}

export function gateways(github: Record<string, unknown>, gatewayDefaults: Record<string, unknown> = {}): unknown {
  return with_({ gateways: { github }, gatewayDefaults });
}
