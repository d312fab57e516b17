/** Parts that many cases share: a gateway `egress/gw` (80→8080, 443→8443), an application namespace, policies of the mesh. */
export const GW = `
Namespace app +istio-injection=enabled
Namespace egress +istio-injection=enabled
Deployment egress/gw {template: {metadata: {labels: {istio: egress}, annotations: {inject.istio.io/templates: gateway}},
  spec: {serviceAccountName: gw, containers: [{name: istio-proxy}]}}}
Service egress/gw @1 {selector: {istio: egress}, ports: [{name: http2, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: 8443}]}
`;
export const RO = { meshConfig: { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } } };

export function se(where: string, hosts: string, ports = "80,443", more = "resolution: DNS"): string {
  const list = ports.split(",").map((port) => {
    const [number, protocol = number === "80" ? "HTTP" : number === "443" ? "TLS" : "TCP"] = port.split("/");
    return `{number: ${number}, name: p${number}, protocol: ${protocol}}`;
  });
  return `ServiceEntry ${where} {hosts: [${hosts}], ports: [${list.join(", ")}], ${more}}\n`;
}

export const GWHOST = "gw.egress.svc.cluster.local";

/** DestinationRule for the gateway: mesh TLS, `sni` if given. */
export function dr(where: string, sni = "", more = ""): string {
  const name = sni === "" ? "" : `, sni: ${sni}`;
  return `DestinationRule ${where} {host: ${GWHOST}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL${name}}}${more}}\n`;
}

/** `mesh` → gateway → host, on 80 by http and on 443 by tls (double TLS). */
export function vs(where: string, host: string, more = ""): string {
  return `VirtualService ${where} {hosts: [${host}], gateways: [mesh, egress/gw]${more},
    http: [{match: [{gateways: [mesh], port: 80}], route: [{destination: {host: ${GWHOST}, port: {number: 80}}}]},
           {match: [{gateways: [egress/gw], port: 80}], route: [{destination: {host: ${host}, port: {number: 80}}}]}],
    tls: [{match: [{gateways: [mesh], port: 443, sniHosts: [${host}]}], route: [{destination: {host: ${GWHOST}, port: {number: 443}}}]}],
    tcp: [{match: [{gateways: [egress/gw], port: 443}], route: [{destination: {host: ${host}, port: {number: 443}}}]}]}\n`;
}

/** Servers 80 HTTPS and 443 TLS, both ISTIO_MUTUAL. */
export function gateway(where: string, hosts: string, more = ""): string {
  return `Gateway ${where} {selector: {istio: egress}, servers: [
    {port: {number: 80, name: http, protocol: HTTPS}, hosts: [${hosts}], tls: {mode: ISTIO_MUTUAL}},
    {port: {number: 443, name: tls, protocol: TLS}, hosts: [${hosts}], tls: {mode: ISTIO_MUTUAL}}]${more}}\n`;
}

/** All of it for x.com: works. */
export const GOOD =
  GW + se("egress/x", "x.com") + dr("egress/gw", "x.com") + vs("egress/x", "x.com") + gateway("egress/gw", "x.com");
