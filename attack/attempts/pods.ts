import { internetAddress } from "../../lab";
import { type Attempt, type HostilePod, type PodPatch, reachedForbidden } from "../attempt";
import { FORBIDDEN, type Ground } from "../ground";
import { asProxy, curl } from "./shell";

/** Pods made so that their traffic is not captured, or that they are somebody else. */
export function podAttempts({ allowed, routes }: Ground): Attempt[] {
  const evil = internetAddress(FORBIDDEN);
  const leave = curl(`http://${evil}/`);
  const attempt = (title: string, pod: PodPatch, script = leave, namespace?: string): Attempt => ({
    title: `pod: ${title}`,
    move: { pod, script, ...(namespace !== undefined && { namespace }) } satisfies HostilePod,
    twin: { pod: {}, script: curl(`http://${allowed}/`) },
    through: reachedForbidden,
    stoppedBy: "admission policy",
  });
  const annotated = (key: string, value: string, script?: string) =>
    attempt(key.split("/")[1] ?? key, { annotations: { [key]: value } }, script);
  const asUser = (securityContext: Record<string, unknown>) => ({ container: { securityContext } });
  return [
    annotated("traffic.sidecar.istio.io/excludeOutboundIPRanges", "0.0.0.0/0"),
    annotated("traffic.sidecar.istio.io/excludeOutboundPorts", "80"),
    annotated("traffic.sidecar.istio.io/includeOutboundIPRanges", "198.18.0.0/16"),
    annotated("sidecar.istio.io/inject", "false"),
    annotated("sidecar.istio.io/interceptionMode", "NONE"),
    annotated("proxy.istio.io/config", '{"interceptionMode": "NONE"}'),
    annotated("inject.istio.io/templates", "gateway"),
    attempt("label inject: false", { labels: { "sidecar.istio.io/inject": "false" } }),
    attempt("host network", { spec: { hostNetwork: true } }),
    attempt("runs as user 1337", asUser({ runAsUser: 1337 })),
    attempt("runs as group 1337", asUser({ runAsGroup: 1337, runAsUser: 1000 })),
    attempt("NET_ADMIN", asUser({ capabilities: { add: ["NET_ADMIN"] } }), `iptables -t nat -F; ${leave}`),
    attempt("privileged", asUser({ privileged: true }), `iptables -t nat -F; ${leave}`),
    attempt("init container as user 1337", {
      spec: {
        initContainers: [
          { name: "early", image: "lab.local/app:1", command: ["true"], securityContext: { runAsUser: 1337 } },
        ],
      },
    }),
    attempt("ephemeral container as user 1337", { ephemeral: { securityContext: { runAsUser: 1337 } } }),
    attempt(
      "a proxy of its own",
      { spec: { containers: [{ name: "istio-proxy", image: "lab.local/app:1", command: ["sleep", "infinity"] }] } },
      asProxy(leave),
    ),
    attempt("token for istiod's certificates", {
      spec: {
        volumes: [
          { name: "identity", projected: { sources: [{ serviceAccountToken: { audience: "istio-ca", path: "t" } }] } },
        ],
      },
    }),
    ...(routes === undefined ? [] : [attempt("in the routes' namespace", {}, leave, routes)]),
  ];
}
