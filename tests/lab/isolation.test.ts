import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apply, kubectl } from "./support/cluster";
import { demoUp } from "./support/stack";
import { call, carried, direct } from "./support/traffic";

const STRANGERS = readFileSync(join(__dirname, "fixtures", "strangers.yaml"), "utf8");
const URLS = ["http://github.com", "https://github.com", "http://www.httpbin.org", "https://www.httpbin.org"];

describe("lab: routes of one application are no other's", function () {
  this.timeout(300_000);
  before(async () => {
    await demoUp();
    await apply(STRANGERS);
  });
  after(() => kubectl(["delete", "--ignore-not-found", "-f", "-"], STRANGERS));

  it("blocks a pod with the application's labels and account name in another namespace, while the application's own passes", async () => {
    const since = new Date();
    for (const seen of await call("elsewhere/app-a", ...URLS)) assert.notEqual(seen, "HTTP 200");
    assert.deepEqual(
      await call("test-app/app-a", ...URLS),
      URLS.map(() => "HTTP 200"),
    );
    assert.deepEqual(await direct(since, ["external"]), []);
  });

  it("blocks a pod that is no application, in the application's namespace", async () => {
    for (const seen of await call("test-app/stranger", ...URLS)) assert.notEqual(seen, "HTTP 200");
  });

  it("blocks the other application", async () => {
    assert.deepEqual(await call("test-app/app-b", ...URLS), [
      "HTTP 502",
      "closed (curl 35)",
      "HTTP 502",
      "closed (curl 35)",
    ]);
  });

  it("refuses at the gateway an identity whose sidecar was told the way", async () => {
    // The stranger's own route, as if it had got a Sidecar and an export of its own: what remains is the gateway's word.
    const since = new Date();
    const sidecar = `{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: stranger, namespace: test-app}, spec: {workloadSelector: {labels: {app: stranger}}, egress: [{hosts: ["external-routes/*"]}]}}`;
    await kubectl(["apply", "-f", "-"], sidecar);
    try {
      const deadline = Date.now() + 20_000;
      let seen: string[] = [];
      // 503: the sidecar now knows the host and the gateway ends the handshake; until then it is 502.
      while (seen[0] !== "HTTP 503" && Date.now() < deadline) seen = await call("test-app/stranger", ...URLS);
      assert.deepEqual(seen, ["HTTP 503", "closed (curl 35)", "HTTP 503", "closed (curl 35)"]);
      const principals = (await carried("external/egress-github", since)).map(({ principal }) => principal);
      assert.deepEqual(
        principals.filter((principal) => !principal?.endsWith("/sa/app-a")),
        [],
      );
    } finally {
      await kubectl(["delete", "-f", "-"], sidecar);
    }
  });
});
