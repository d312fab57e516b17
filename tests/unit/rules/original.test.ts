import assert from "node:assert/strict";
import { join } from "node:path";
import { readManifests } from "../../../cli/read/files";
import type { Finding } from "../../../graph/rules/finding";
import { judge } from "../../../graph/rules/judge";

const LAYOUT = join(__dirname, "../../cases/original/layout.yaml");

describe("the layout that this project started from", () => {
  let findings: Finding[];
  before(() => {
    findings = judge(readManifests(LAYOUT), { today: "2026-11-24" });
  });
  const about = (code: string) => findings.filter((finding) => finding.code === code);

  it("lets pods of other namespaces out directly, for every host and port", () => {
    const leaks = about("service-entry-routed-by-egress-gateway").filter(({ message }) =>
      /a pod of any other namespace .* without an egress gateway/.test(message),
    );
    assert.deepEqual(
      leaks.map(({ object, seen }) => `${object} ${seen}`),
      [
        "ServiceEntry external/github github.com:80 HTTP",
        "ServiceEntry external/github github.com:443 TLS",
        "ServiceEntry external/github www.github.com:80 HTTP",
        "ServiceEntry external/github www.github.com:443 TLS",
      ],
    );
  });

  it("lacks the mutual TLS that its gateway demands", () => {
    const broken = about("service-entry-routed-by-egress-gateway").filter(({ message }) =>
      /Deployment test-app\/app-a/.test(message),
    );
    assert.ok(broken.length > 0);
    for (const { message } of broken) assert.match(message, /ISTIO_MUTUAL|www\.github\.com/);
  });

  it("has gateways for any host and any caller", () => {
    assert.deepEqual(
      about("gateway-hosts-not-any").map(({ field }) => field),
      ["spec.servers[0].hosts[0]", "spec.servers[1].hosts[0]"],
    );
    assert.deepEqual(
      about("gateway-authorizes-callers").map(({ object }) => object),
      ["Gateway external/github-egress-gateway"],
    );
  });

  it("lacks the guards beside the mesh, and nothing else that a rule asks for", () => {
    assert.deepEqual(
      [...new Set(findings.map(({ code }) => code))],
      [
        "service-entry-routed-by-egress-gateway",
        "gateway-hosts-not-any",
        "gateway-authorizes-callers",
        "gateway-denies-by-default",
        "gateway-namespace-strict-mutual-tls",
        "namespace-guarded-by-network-policy",
        "namespace-guarded-by-admission-policy",
      ],
    );
  });
});
