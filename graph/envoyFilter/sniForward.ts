/**
 * The one EnvoyFilter that is written here, and that is understood where it is read: before `tcp_proxy` on one listener
 * of a gateway, Envoy resolves the name in the SNI itself, for the DYNAMIC_DNS cluster of the same DNS cache (Envoy
 * docs, `sni_dynamic_forward_proxy`; Istio builds the same filter for waypoints, `core/networkfilter.go: buildSNIDFPFilter`).
 */
export interface SniForward {
  /** Labels of the gateway's pods. */
  selector: Record<string, string>;
  /** Port that the gateway listens on. */
  listener: number;
  /** Wildcard host of the DYNAMIC_DNS ServiceEntry. */
  host: string;
  /** Port that is dialled outside. */
  port: number;
}

export function sniForwardSpec({ selector, listener, host, port }: SniForward): Record<string, unknown> {
  return {
    workloadSelector: { labels: selector },
    configPatches: [
      {
        applyTo: "NETWORK_FILTER",
        match: {
          context: "GATEWAY",
          listener: {
            portNumber: listener,
            filterChain: { filter: { name: "envoy.filters.network.tcp_proxy" } },
          },
        },
        patch: {
          operation: "INSERT_BEFORE",
          value: {
            name: "envoy.filters.network.sni_dynamic_forward_proxy",
            typed_config: {
              "@type": "type.googleapis.com/envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig",
              port_value: port,
              // Equal to the cluster's to the letter: Envoy refuses two caches of one name (`model/service.go: BuildDNSCacheName`).
              dns_cache_config: { name: `${host}${CACHE_SUFFIX}`, dns_lookup_family: "V4_ONLY" },
            },
          },
        },
      },
    ],
  };
}

const CACHE_SUFFIX = "_dfp_dns_cache";

/** What such an EnvoyFilter says; undefined for any other, down to a single field more or less. */
export function readSniForward(spec: unknown): SniForward | undefined {
  const patch = first(at(spec, "configPatches"));
  const config = at(patch, "patch", "value", "typed_config");
  const cache = at(config, "dns_cache_config", "name");
  const read = {
    selector: at(spec, "workloadSelector", "labels"),
    listener: at(patch, "match", "listener", "portNumber"),
    host: typeof cache === "string" && cache.endsWith(CACHE_SUFFIX) ? cache.slice(0, -CACHE_SUFFIX.length) : undefined,
    port: at(config, "port_value"),
  };
  return isSniForward(read) && same(spec, sniForwardSpec(read)) ? read : undefined;
}

function isSniForward(read: Record<keyof SniForward, unknown>): read is SniForward {
  return (
    typeof read.selector === "object" &&
    read.selector !== null &&
    Object.values(read.selector).every((value) => typeof value === "string") &&
    typeof read.listener === "number" &&
    typeof read.host === "string" &&
    typeof read.port === "number"
  );
}

function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>(
    (found, key) => (isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined),
    value,
  );
}

function first(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : undefined;
}

/** Deep equality of plain data, whatever the order of keys. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isRecord(a) || !isRecord(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
