import type { Intent } from "../intent/intent";

const TEMPLATE = "controlled-egress";

/**
 * Values of istiod's release by which pods find istiod without DNS: an injection template of our own, laid over Istio's,
 * writes its address into their `/etc/hosts` (Istio docs, "Sidecar injection: custom templates"). The name stays what
 * the proxies call, so its certificate is checked as ever. Gateways name their own template, and ask DNS.
 */
export function discoveryTemplate({ istio, guards }: Intent): Record<string, unknown> {
  if (guards.clusterDns || istio.discoveryIp === undefined) return {};
  const service = istio.revision === undefined ? "istiod" : `istiod-${istio.revision}`;
  const lines = [
    "spec:",
    "  hostAliases:",
    `  - ip: "${istio.discoveryIp}"`,
    `    hostnames: ["${service}.${istio.namespace}.svc"]`,
  ];
  return {
    sidecarInjectorWebhook: {
      defaultTemplates: ["sidecar", TEMPLATE],
      templates: { [TEMPLATE]: `${lines.join("\n")}\n` },
    },
  };
}
