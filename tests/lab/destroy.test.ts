import assert from "node:assert/strict";
import { kubectl } from "./support/cluster";
import { assertDone, closeDemoStack, demoUp } from "./support/stack";

/** istiod hands its CA's certificate to every namespace of the cluster, and nobody takes it back. */
const ISTIOD_LEAVES = ["configmap/istio-ca-crl", "configmap/istio-ca-root-cert"];

/** What a cluster holds of any kind that could be ours, by kind and name. */
async function remains(): Promise<string[]> {
  const kinds = [
    "namespaces",
    "validatingwebhookconfigurations",
    "mutatingwebhookconfigurations",
    "clusterroles",
    "clusterrolebindings",
    "deployments",
    "services",
    "secrets",
    "configmaps",
  ];
  const names = await kubectl(["get", kinds.join(","), "-A", "-o", "name"]);
  return names
    .split("\n")
    .filter((name) => /istio|egress|external|test-app|gateway/.test(name) && !ISTIOD_LEAVES.includes(name));
}

describe("lab: destroy", function () {
  this.timeout(300_000);
  after(closeDemoStack);

  it("leaves nothing but the CRDs that Istio's chart keeps, and istiod's CA certificate in other namespaces", async () => {
    const stack = await demoUp();
    assert.notDeepEqual(await remains(), []);
    assertDone(await stack.destroy());
    assert.deepEqual(await remains(), []);
    const crds = (await kubectl(["get", "crds", "-o", "name"])).trim().split("\n");
    assert.deepEqual(
      crds.filter((name) => !name.endsWith(".istio.io")),
      [],
    );
  });
});
