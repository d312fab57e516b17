import { RO } from "../../cases/gateway";
import { ruleTable } from "../../cases/judge";

const config = (mesh: string): string => `ConfigMap istio-system/istio {}\n${mesh}`;
const release = (chart: string, mode = "ALLOW_ANY"): string =>
  `Release istio-system/i {chart: ${chart}, values: {meshConfig: {outboundTrafficPolicy: {mode: ${mode}}}}}\n`;
const NO_MESH = { mesh: {} };
ruleTable("no-open-outbound-policy", "where the mesh config stands", [
  ["nowhere", "Namespace app\n", [], NO_MESH],
  [
    "in a ConfigMap without a word",
    config(""),
    [
      "ConfigMap istio-system/istio data.mesh: outboundTrafficPolicy.mode: absent, which means ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  [
    "in istiod's release",
    release("istiod"),
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  ["the same, closed", release("istiod", "REGISTRY_ONLY"), [], NO_MESH],
  [
    "in an archive",
    release("./charts/istiod-1.31.0.tgz"),
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  [
    "in a folder of Istio's repository",
    release("manifests/charts/istio-control/istio-discovery/"),
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  [
    "with two slashes at the end",
    release("charts/istiod//"),
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  [
    "with a version of two digits",
    release("istiod-v10.31.0-rc.1"),
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY / pods without a Sidecar of their own may call every host outside",
    ],
    NO_MESH,
  ],
  ["another chart", release("gateway"), [], NO_MESH],
  ["a chart whose name starts the same", release("istiod-remote"), [], NO_MESH],
  [
    "a chart that is not known yet",
    release("UNKNOWN"),
    ["? Release istio-system/i spec.chart: not known yet / it decides about every call, so nothing could be judged"],
    NO_MESH,
  ],
  [
    "a Sidecar takes the mesh's mode, which is not here",
    "Sidecar app/s {egress: [{hosts: ['./*']}]}\n",
    [
      "Sidecar app/s spec.outboundTrafficPolicy.mode: absent / it takes the mode of the mesh config, which is not among these objects and open by default",
    ],
    NO_MESH,
  ],
  [
    "a Sidecar takes the mesh's mode, which is here and open",
    `${release("istiod")}Sidecar app/s {egress: [{hosts: ['./*']}]}\n`,
    [
      "Release istio-system/i spec.values.meshConfig.outboundTrafficPolicy.mode: ALLOW_ANY",
      "Sidecar app/s spec.outboundTrafficPolicy.mode: absent / it takes the mode of the mesh config, which is open",
    ],
    NO_MESH,
  ],
  [
    "a Sidecar takes the mesh's mode, which is closed",
    "Sidecar app/s {egress: [{hosts: ['./*']}]}\n",
    [],
    { mesh: RO },
  ],
  [
    "a Sidecar opens",
    "Sidecar app/s {outboundTrafficPolicy: {mode: ALLOW_ANY}}\n",
    ["Sidecar app/s spec.outboundTrafficPolicy.mode: ALLOW_ANY / its pods may call every host outside"],
    { mesh: RO },
  ],
  [
    "a Sidecar's mode is not known yet",
    "Sidecar app/s {outboundTrafficPolicy: {mode: UNKNOWN}}\n",
    ["? Sidecar app/s spec.outboundTrafficPolicy.mode: not known yet / Sidecar app/s"],
    { mesh: RO },
  ],
]);
