/**
 * Stage "transport": the TLS that a proxy adds towards an endpoint.
 * Istio API `ClientTLSSettings`; docs "Understanding TLS Configuration", "Auto mTLS";
 * `core/cluster_tls.go: buildUpstreamTLSSettings, constructUpstreamTLS`, `core/cluster_builder.go: applyDestinationRule`.
 */
import type { MergedRule } from "../mesh/destinationRule";
import type { Value } from "../mesh/value";
import type { Cluster } from "./cluster";
import { type Client, findSubset, ruleFor, tlsSettings, unmodelledSetting } from "./destinationRules";
import type { Place } from "./endpoints";
import { refuseForService } from "./invalid";
import type { Outcome } from "./types";
import type { Walk } from "./walk";

/** One TLS session on the wire. */
export interface TlsLayer {
  /** Server name in the ClientHello; "" none. */
  sni: string;
  /** "mesh": with the proxy's certificate; "simple"/"mutual": originated by a proxy; "application": the application's own. */
  kind: "mesh" | "simple" | "mutual" | "application";
  /** Names of which the server's certificate must bear one; empty: not checked. */
  serverNames: string[];
}

export interface Settings {
  rule?: MergedRule;
  tls?: Value;
  mode: "AUTO" | "DISABLE" | "SIMPLE" | "MUTUAL" | "ISTIO_MUTUAL";
  subsetLabels?: Record<string, unknown>;
}

/** The DestinationRule's say for a cluster; an outcome if the subset does not exist. */
export function settingsFor(walk: Walk, client: Client, cluster: Cluster, apiRoute: boolean): Settings | Outcome {
  const { service } = cluster.scoped;
  refuseForService(walk, service);
  const rule = ruleFor(walk, client, service);
  const feature = rule && unmodelledSetting(rule, cluster.port.number);
  if (rule && feature) throw walk.unmodelled("transport", feature, rule.base.object, "spec.trafficPolicy");
  const subset = rule && cluster.subset !== "" ? findSubset(rule, cluster.subset) : undefined;
  if (cluster.subset !== "" && !subset) return noSubset(walk, cluster, rule, apiRoute);
  const tls = rule && tlsSettings(rule, cluster.port.number, cluster.subset);
  const mode = tls ? ((tls.at("mode").text() || "DISABLE") as Settings["mode"]) : "AUTO";
  const labels = subset?.at("labels").rawMap();
  return { rule, tls, mode, subsetLabels: labels && Object.keys(labels).length > 0 ? labels : undefined };
}

function noSubset(walk: Walk, { scoped, subset }: Cluster, rule: MergedRule | undefined, apiRoute: boolean): Outcome {
  const { host } = scoped.service;
  const where = rule
    ? `${rule.base.object.id}, which applies to this client, has no such subset: add it to spec.subsets`
    : "no DestinationRule of the host applies to this client: create one, or check its exportTo";
  walk.hop("transport", `subset ${subset} of ${host} does not exist`, rule?.base.object, "spec.subsets");
  const seen = walk.decoded && apiRoute ? "HTTP 500" : walk.failed;
  return walk.blocked(seen, `the route asks for subset ${subset} of ${host}, but ${where}`);
}

/** The session that the proxy opens towards the place; undefined: none. `name` is the request's Host, for automatic SNI. */
export function addedTls(
  walk: Walk,
  settings: Settings,
  cluster: Cluster,
  place: Place,
  name: string | undefined,
  atGateway: boolean,
): TlsLayer | undefined {
  const { tls, rule, mode } = settings;
  if (!tls || !rule) return automatic(walk, cluster, place);
  const say = (message: string, field = "mode"): void => walk.hop("transport", message, tls.of, `${tls.path}.${field}`);
  if (mode === "DISABLE") {
    say("TLS mode DISABLE: plaintext");
    return undefined;
  }
  const names = tls.at("subjectAltNames").texts();
  const serverNames = names.length > 0 ? names : cluster.scoped.service.subjectAltNames;
  if (mode === "ISTIO_MUTUAL") {
    const sni = tls.at("sni").text() || defaultSni(cluster);
    say(`mutual TLS with the mesh's certificates, SNI ${sni}`);
    return { sni, kind: "mesh", serverNames };
  }
  if (!originates(settings, atGateway)) {
    say("credentialName has no effect in a sidecar without workloadSelector: plaintext leaves", "credentialName");
    return undefined;
  }
  const sni = tls.at("sni").text() || name || "";
  say(`TLS originated (${mode}), SNI ${sni === "" ? "none" : sni}${unverified(tls, serverNames)}`);
  return { sni, kind: mode === "MUTUAL" ? "mutual" : "simple", serverNames };
}

/** Whether a DestinationRule makes the proxy speak TLS: a sidecar reads no Secret for a rule without workloadSelector. */
export function originates({ tls, rule, mode }: Settings, atGateway: boolean): boolean {
  if (!tls || !rule || mode === "DISABLE" || mode === "AUTO") return false;
  if (mode === "ISTIO_MUTUAL" || atGateway || rule.selector !== undefined) return true;
  const credential = tls.at("credentialName").text();
  return credential === "" || credential.startsWith("configmap://");
}

/** `sni` without `subjectAltNames` turns the check of the server's name off. */
function unverified(tls: Value, serverNames: string[]): string {
  if (tls.at("insecureSkipVerify").flag()) return "; the server's certificate is not verified";
  return tls.at("sni").text() !== "" && serverNames.length === 0
    ? "; the server's name is not verified (no subjectAltNames)"
    : "";
}

function defaultSni({ scoped, port, subset }: Cluster): string {
  return `outbound_.${port.number}_.${subset}_.${scoped.service.host}`;
}

/** Without settings: mTLS to endpoints labelled `security.istio.io/tlsMode: istio`, which gateways are not by themselves. */
function automatic(walk: Walk, cluster: Cluster, place: Place): TlsLayer | undefined {
  const { service } = cluster.scoped;
  const capable =
    place.kind === "pods" ? podSpeaksMtls(walk, place) : place.kind === "outside" && endpointSpeaksMtls(place);
  const off = service.external || !walk.mesh.config.autoMtls || peerMode(walk, service.namespace) === "DISABLE";
  if (off || !capable) {
    walk.hop("transport", "no DestinationRule sets TLS: plaintext", service.object);
    return undefined;
  }
  walk.hop("transport", "no DestinationRule sets TLS: automatic mutual TLS", service.object);
  return { sni: defaultSni(cluster), kind: "mesh", serverNames: service.subjectAltNames };
}

/** Sidecar injection adds the label; the gateway template, the gateway chart and istiod's own gateways do not. */
function podSpeaksMtls(walk: Walk, place: Place & { kind: "pods" }): boolean {
  const label = place.pods.labels["security.istio.io/tlsMode"];
  if (label !== undefined) return label === "istio";
  if (place.pods.isGateway) return false;
  const namespace = walk.mesh.namespaces.get(place.pods.namespace);
  if (place.pods.labels["sidecar.istio.io/inject"] === "false") return false;
  return !namespace || namespace.label("istio-injection") === "enabled" || namespace.label("istio.io/rev") !== "";
}

function endpointSpeaksMtls({ endpoint }: Place & { kind: "outside" }): boolean {
  if (!endpoint) return false;
  return endpoint.labels["security.istio.io/tlsMode"] === "istio" || endpoint.serviceAccount !== "";
}

/** PeerAuthentication of a namespace without selector, else of the root namespace; "" unset. */
export function peerMode(walk: Walk, namespace: string): string {
  for (const place of [namespace, walk.mesh.config.rootNamespace]) {
    const found = walk.mesh
      .objects("PeerAuthentication")
      .filter((p) => p.namespace === place && !p.spec.at("selector").present);
    const oldest = walk.ages.first(found, (object) => ({ object, sortName: object.name }));
    const mode = oldest?.spec.at("mtls").at("mode").text() ?? "";
    if (mode !== "" && mode !== "UNSET") return mode;
  }
  return "";
}
