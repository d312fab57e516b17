import type { Intent } from "../intent/intent";
import { proxySettings } from "./proxySettings";

/** A CEL expression with a name, as ValidatingAdmissionPolicies have them. */
export interface Variable {
  name: string;
  expression: string;
}

/** What no pod of an application namespace may have. */
export interface PodRule {
  name: string;
  /** CEL: the fields that offend, a list of texts. */
  offenders: string;
  /** What is wrong with them, and what to do. */
  message: string;
}

/** The containers that Istio's injector adds (Istio, `pkg/kube/inject/webhook.go`). */
const INJECTED = ["istio-proxy", "istio-init", "istio-validation"];
/** The proxy's own user and group: their traffic is never captured (Istio docs, "Application Requirements"). */
const PROXY_ID = 1337;

/** Annotations that keep traffic from the sidecar where they have any value (Istio docs, "Resource Annotations"). */
const CAPTURE = ["excludeOutboundPorts", "excludeOutboundIPRanges", "excludeInterfaces"].map(
  (key) => `traffic.sidecar.istio.io/${key}`,
);
/** Annotations that change what is injected: another image, template, bootstrap, volume, or settings of the proxy. */
const PROXY = [
  "inject.istio.io/templates",
  "proxy.istio.io/config",
  "proxy.istio.io/overrides",
  "sidecar.istio.io/bootstrapOverride",
  "sidecar.istio.io/discoveryAddress",
  "sidecar.istio.io/proxyImage",
  "sidecar.istio.io/userVolume",
  "sidecar.istio.io/userVolumeMount",
];
/** Rights by which a process changes its network, reads it raw, or takes over the proxy. */
const CAPABILITIES = [
  "ALL",
  "BPF",
  "DAC_READ_SEARCH",
  "NET_ADMIN",
  "NET_RAW",
  "PERFMON",
  "SYS_ADMIN",
  "SYS_MODULE",
  "SYS_PTRACE",
];
/** Volumes of the proxy with its token, keys or configuration. */
const PROXY_VOLUMES = ["istio-token", "istio-envoy", "istio-data", "workload-certs"];
/** Where the injector mounts volumes; anything else could replace the proxy's programs. */
const PROXY_MOUNTS = "^(/var/run/secrets/|/var/lib/istio/data|/etc/istio/(proxy|pod)|/etc/certs)";
/** Variables by which a container runs other code or another configuration. */
const PROXY_VARIABLES = "^(LD_.*|ISTIO_BOOTSTRAP.*|DISABLE_ENVOY|GODEBUG_.*)$";

/** CEL's spelling of lists of texts. */
export function texts(values: readonly string[]): string {
  return `[${values.map(text).join(", ")}]`;
}

export function text(value: string): string {
  return `'${value.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
}

const listOf = (path: string, key: string) => `(has(${path}.${key}) ? ${path}.${key} : [])`;
const containersOf = (pod: string) =>
  ["containers", "initContainers", "ephemeralContainers"].map((key) => listOf(`${pod}.spec`, key)).join(" + ");
const mapOf = (path: string, key: string) => `(has(${path}.metadata.${key}) ? ${path}.metadata.${key} : {})`;
const imageOf = (container: string) => `(has(${container}.image) ? ${container}.image : '')`;
/** Keys of labels or annotations that are new or have changed. */
const changed = (map: string, old: string) =>
  `variables.${map}.filter(k, !(k in variables.${old}) || variables.${old}[k] != variables.${map}[k])`;

/** The names of `SETTINGS` are those that differ between configurations; all else is the same everywhere. */
export const SETTINGS = ["revisions", "proxyImage", "audiences", "proxyEnv", "ownHooks"] as const;

/** What the rules speak of. */
export function podVariables(intent: Intent): Variable[] {
  const { images, audiences, env, ownHooks } = proxySettings(intent);
  const settings: Record<(typeof SETTINGS)[number], string> = {
    revisions: texts([intent.istio.revision ?? "default"]),
    proxyImage: text(images),
    audiences: texts(audiences),
    proxyEnv: text(env),
    ownHooks: String(ownHooks),
  };
  return [...SETTINGS.map((name) => ({ name, expression: settings[name] })), ...SHARED_VARIABLES];
}

export const SHARED_VARIABLES: readonly Variable[] = [
  { name: "isNew", expression: "request.operation == 'CREATE'" },
  { name: "podLabels", expression: mapOf("object", "labels") },
  { name: "podAnnotations", expression: mapOf("object", "annotations") },
  { name: "oldLabels", expression: `variables.isNew ? {} : ${mapOf("oldObject", "labels")}` },
  { name: "oldAnnotations", expression: `variables.isNew ? {} : ${mapOf("oldObject", "annotations")}` },
  { name: "labelKeys", expression: changed("podLabels", "oldLabels") },
  { name: "annotationKeys", expression: changed("podAnnotations", "oldAnnotations") },
  {
    name: "kept",
    expression: `variables.isNew ? [] : (${containersOf("oldObject")}).map(c, c.name + ' ' + ${imageOf("c")})`,
  },
  {
    name: "fresh",
    expression: `(${containersOf("object")}).filter(c, !((c.name + ' ' + ${imageOf("c")}) in variables.kept))`,
  },
  { name: "own", expression: `variables.fresh.filter(c, !(c.name in ${texts(INJECTED)}))` },
  { name: "proxies", expression: `variables.fresh.filter(c, c.name in ${texts(INJECTED)})` },
  { name: "volumes", expression: `variables.isNew ? ${listOf("object.spec", "volumes")} : []` },
];

const named = (list: string, condition: string, field: string) =>
  `variables.${list}.filter(c, ${condition}).map(c, 'container ' + c.name + ' ${field}')`;
const ownSetting = (key: string) =>
  named(
    "own",
    `has(c.securityContext) && has(c.securityContext.${key}) && c.securityContext.${key} == ${PROXY_ID}`,
    `securityContext.${key}`,
  );
const podSetting = (key: string) =>
  `(variables.isNew && has(object.spec.securityContext) && has(object.spec.securityContext.${key}) && object.spec.securityContext.${key} == ${PROXY_ID} ? ['spec.securityContext.${key}'] : [])`;
const podFlag = (key: string) =>
  `(variables.isNew && has(object.spec.${key}) && object.spec.${key} ? ['spec.${key}'] : [])`;
const annotation = (condition: string) =>
  `variables.annotationKeys.filter(k, ${condition}).map(k, 'metadata.annotations ' + k)`;
const label = (condition: string) => `variables.labelKeys.filter(k, ${condition}).map(k, 'metadata.labels ' + k)`;
const hook = (key: string) =>
  `(has(c.lifecycle) && has(c.lifecycle.${key}) && !(has(c.lifecycle.${key}.exec) && c.lifecycle.${key}.exec.command[0] == 'pilot-agent'))`;
const execProbe = (key: string) => `(has(c.${key}) && has(c.${key}.exec))`;
const starts = (...args: string[]) =>
  `has(c.args) && size(c.args) >= ${args.length} && ${args.map((arg, i) => `c.args[${i}] == '${arg}'`).join(" && ")}`;

/** Every rule, in the order in which they are told; each is a validation of its own. */
export const POD_RULES: readonly PodRule[] = [
  {
    name: "optOut",
    offenders: [
      label("k == 'sidecar.istio.io/inject' && variables.podLabels[k] != 'true'"),
      annotation("k == 'sidecar.istio.io/inject' && variables.podAnnotations[k] != 'true'"),
      label("k == 'istio.io/dataplane-mode' && variables.podLabels[k] != 'none'"),
      label("k == 'istio.io/rev' && !(variables.podLabels[k] in variables.revisions)"),
    ].join(" + "),
    message: "no pod here may choose another sidecar or none. Remove it",
  },
  {
    name: "uncaptured",
    offenders: [
      annotation(`k in ${texts(CAPTURE)} && variables.podAnnotations[k] != ''`),
      annotation("k == 'traffic.sidecar.istio.io/includeOutboundIPRanges' && variables.podAnnotations[k] != '*'"),
      annotation(
        "k == 'sidecar.istio.io/interceptionMode' && !(variables.podAnnotations[k] in ['REDIRECT', 'TPROXY'])",
      ),
    ].join(" + "),
    message: "traffic would pass by the sidecar. Remove it",
  },
  {
    name: "otherProxy",
    offenders: annotation(`k in ${texts(PROXY)}`),
    message:
      "it changes the injected proxy (a container called istio-proxy in the pod's own spec leaves proxy.istio.io/overrides). Remove it",
  },
  {
    name: "hostNamespaces",
    offenders: ["hostNetwork", "hostPID", "hostIPC"].map(podFlag).join(" + "),
    message: "such a pod stands outside of every sidecar and network policy. Remove it",
  },
  {
    name: "proxyIdentity",
    offenders: [
      ...["runAsUser", "runAsGroup", "fsGroup"].map(podSetting),
      `(variables.isNew && has(object.spec.securityContext) && has(object.spec.securityContext.supplementalGroups) && ${PROXY_ID} in object.spec.securityContext.supplementalGroups ? ['spec.securityContext.supplementalGroups'] : [])`,
      ...["runAsUser", "runAsGroup"].map(ownSetting),
    ].join(" + "),
    message: `${PROXY_ID} is the sidecar's own user and group, whose traffic is never captured. Use any other number`,
  },
  {
    name: "privileges",
    offenders: [
      named(
        "own",
        "has(c.securityContext) && has(c.securityContext.privileged) && c.securityContext.privileged",
        "securityContext.privileged",
      ),
      named(
        "own",
        `has(c.securityContext) && has(c.securityContext.capabilities) && has(c.securityContext.capabilities.add) && c.securityContext.capabilities.add.exists(n, n.matches('^(?i)(CAP_)?(${CAPABILITIES.join("|")})$'))`,
        "securityContext.capabilities.add",
      ),
    ].join(" + "),
    message: "with it the container can undo the capture of its traffic. Remove it",
  },
  {
    name: "tokens",
    offenders: [
      "variables.volumes.filter(v, v.name != 'istio-token' && has(v.projected) && has(v.projected.sources) && v.projected.sources.exists(s, has(s.serviceAccountToken) && has(s.serviceAccountToken.audience) && s.serviceAccountToken.audience in variables.audiences)).map(v, 'spec.volumes ' + v.name)",
      named(
        "own",
        `has(c.volumeMounts) && c.volumeMounts.exists(m, m.name in ${texts(PROXY_VOLUMES)})`,
        "volumeMounts",
      ),
    ].join(" + "),
    message: "with the proxy's token or keys a container can get the mesh certificate for itself. Remove it",
  },
  {
    name: "foreignProxy",
    offenders: named(
      "proxies",
      [
        `!${imageOf("c")}.matches(variables.proxyImage)`,
        "has(c.command)",
        `!(c.name == 'istio-proxy' ? ${starts("proxy", "sidecar")} : ${starts("istio-iptables")})`,
        `(has(c.volumeMounts) && !c.volumeMounts.all(m, m.mountPath.matches('${PROXY_MOUNTS}')))`,
        `(has(c.env) && c.env.exists(e, e.name.matches('${PROXY_VARIABLES}') || (c.name != 'istio-proxy' && !e.name.matches(variables.proxyEnv))))`,
        `(!variables.ownHooks && (${hook("postStart")} || ${hook("preStop")}))`,
        ["livenessProbe", "readinessProbe", "startupProbe"].map(execProbe).join(" || "),
      ].join(" || "),
      "",
    ).replace(" + ' ')", ")"),
    message:
      "it is not as Istio injects it (image, command, args, environment, mounts or hooks). Leave it out of the pod",
  },
  {
    name: "notInjected",
    offenders: `(variables.isNew && !(${listOf("object.spec", "containers")} + ${listOf("object.spec", "initContainers")}).exists(c, c.name == 'istio-proxy') ? ['spec.containers'] : [])`,
    message: "the pod has no sidecar. Let Istio inject it: is istiod up, and the namespace labelled for injection?",
  },
  {
    name: "early",
    offenders: `(variables.isNew && has(object.spec.initContainers) && size(object.spec.initContainers) > 0 && !(object.spec.initContainers[0].name in ${texts(INJECTED)}) ? ['spec.initContainers[0] ' + object.spec.initContainers[0].name] : [])`,
    message:
      "it would run before its traffic is captured. Let istiod inject native sidecars (PILOT_ENABLE_NATIVE_SIDECARS), which come first",
  },
];
