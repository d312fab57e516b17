import assert from "node:assert/strict";
import { lab } from "../support/lab";
import { kubectl } from "./support/cluster";
import { assertDone, changes, demoUp } from "./support/stack";
import { eventuallyCalls } from "./support/traffic";

describe("lab: a cluster rebuilt under an old state", function () {
  this.timeout(600_000);

  it("is noticed with --refresh, and everything is made again", async () => {
    const stack = await demoUp();
    await lab("down");
    await lab("up");
    assert.doesNotMatch(await kubectl(["get", "namespaces", "-o", "name"]), /test-app/);
    const blind = await stack.up("--skip-preview");
    assert.deepEqual(changes(blind), [], "if the engine now notices by itself, the README's advice is out of date");
    const up = await stack.up("--skip-preview", "--refresh");
    assertDone(up);
    assert.ok(changes(up).includes("create egress-external-routes-ServiceEntry-github"));
    await eventuallyCalls("test-app/app-a", {
      "http://github.com": "HTTP 200",
      "https://www.httpbin.org": "HTTP 200",
      "http://cnn.com": "HTTP 502",
    });
  });
});
