import assert from "node:assert/strict";
import { representatives } from "../../../graph/reach/classes";
import { reach } from "../../../graph/reach/reach";
import { meshOf } from "../../cases/ask";
import { GOOD, GW, RO, se } from "../../cases/gateway";

const APPS = `Deployment app/a {template: {metadata: {labels: {app: a, pod-template-hash: x1}}, spec: {serviceAccountName: a, containers: [{name: a}]}}}
Deployment app/twin {template: {metadata: {labels: {app: a, pod-template-hash: x2}}, spec: {serviceAccountName: a, containers: [{name: a}]}}}
Deployment app/b {template: {metadata: {labels: {app: b}}, spec: {serviceAccountName: b, containers: [{name: b}]}}}
`;
const line = (r: ReturnType<typeof reach>[number]): string =>
  `${r.members.join("+")} ${r.target.protocol}://${r.target.host}:${r.target.port} ${r.verdict.verdict}`;

describe("reach", () => {
  it("asks once for workloads that nothing tells apart, and never for gateways", () => {
    const found = reach(meshOf(GOOD + APPS, RO))
      .map(line)
      .sort();
    assert.deepEqual(found, [
      "app/a+app/twin http://x.com:80 gateway",
      "app/a+app/twin tls://x.com:443 gateway",
      "app/b http://x.com:80 gateway",
      "app/b tls://x.com:443 gateway",
    ]);
  });

  it("finds the one application that leaves directly", () => {
    const hidden = `${GOOD}${APPS}${se("app/y", "y.com", "443", 'resolution: DNS, exportTo: ["."]')}Sidecar app/b {workloadSelector: {labels: {app: b}}, egress: [{hosts: [egress/x.com]}]}\n`;
    const direct = reach(meshOf(hidden, RO))
      .filter((r) => r.verdict.verdict === "direct")
      .map(line);
    assert.deepEqual(direct, ["app/a+app/twin tls://y.com:443 direct"]);
  });

  it("leaves out hosts that a namespace cannot see, unless asked for", () => {
    const mesh = meshOf(`${GW}${APPS}${se("other/z", "z.com", "443", 'resolution: DNS, exportTo: ["."]')}`, RO);
    assert.deepEqual(reach(mesh).map(line), []);
    assert.deepEqual([...new Set(reach(mesh, { unseen: true }).map((r) => r.verdict.verdict))], ["blocked"]);
  });

  it("stands in for workloads that the input does not hold", () => {
    const mesh = meshOf(
      "Namespace app\nNamespace istio-system\nSidecar app/s {workloadSelector: {labels: {app: a}}, egress: [{hosts: ['./*']}]}\nServiceEntry shared/x {hosts: [x.com], exportTo: [jobs], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}]}\n",
    );
    const found = representatives(mesh)
      .map((w) => `${w.namespace} ${JSON.stringify(w.labels)}`)
      .sort();
    assert.deepEqual(found, ['app {"app":"a"}', "app {}", "jobs {}", "shared {}"]);
  });
});
