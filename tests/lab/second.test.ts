import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { labPaths } from "../../lab";
import type { Engine } from "../support/engine";
import { apply, kubectl } from "./support/cluster";
import { assertDone, demoUp, openStack } from "./support/stack";
import { direct, eventuallyCalls } from "./support/traffic";

const WORKLOAD = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: app-a, namespace: shop }
spec:
  selector: { matchLabels: { app: app-a } }
  template:
    metadata: { labels: { app: app-a } }
    spec:
      serviceAccountName: app-a
      terminationGracePeriodSeconds: 1
      containers: [{ name: app, image: "lab.local/app:1", imagePullPolicy: IfNotPresent, command: [sleep, infinity] }]
`;

describe("lab: a second ControlledEgress, of another program, on the Istio that is there", function () {
  this.timeout(300_000);
  let first: Engine;
  let second: Engine;
  before(async () => {
    first = await demoUp();
    const { istio } = load(readFileSync(labPaths().overlay, "utf8")) as { istio: { charts: { gateway: string } } };
    second = await openStack(
      { "second:charts": { gateway: istio.charts.gateway } },
      join(__dirname, "fixtures", "second"),
    );
  });
  after(() => second.close());

  it("installs no Istio, and neither disturbs the other", async () => {
    const up = await second.up("--skip-preview");
    assertDone(up);
    assert.ok(!JSON.stringify(up.events).includes("Release-istiod"));
    await apply(WORKLOAD);
    const since = new Date();
    await eventuallyCalls("shop/app-a", {
      "http://partner.example": "HTTP 200",
      "https://www.partner.example": "HTTP 200",
      "http://github.com": "HTTP 502",
      "https://github.com": "closed (curl 35)",
    });
    await eventuallyCalls("test-app/app-a", {
      "http://github.com": "HTTP 200",
      "https://github.com": "HTTP 200",
      "http://partner.example": "HTTP 502",
    });
    assert.deepEqual(await direct(since, ["external", "partners"]), []);
    assertDone(await first.preview("--expect-no-changes"));
  });

  it("goes away alone", async () => {
    await kubectl(["delete", "-f", "-"], WORKLOAD);
    assertDone(await second.destroy());
    await eventuallyCalls("test-app/app-a", { "http://github.com": "HTTP 200", "https://github.com": "HTTP 200" });
  });
});
