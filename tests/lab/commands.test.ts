import assert from "node:assert/strict";
import { execa } from "execa";
import { ROOT } from "../support/demo";
import { lab } from "../support/lab";

function make(...args: string[]) {
  return execa("make", ["-s", ...args], { cwd: ROOT, reject: false, all: true });
}

describe("lab: the two commands", function () {
  this.timeout(1_800_000);
  before(() => lab("down"));

  it("make up shows what will be, brings it up and walks the demo", async () => {
    const { exitCode, all } = await make("up");
    assert.equal(exitCode, 0, all);
    const foretold = all.indexOf("Allowed flows");
    assert.ok(foretold >= 0 && foretold < all.indexOf("lab:"), "the flows are shown before the lab is built");
    assert.match(all, /all 32 calls are as the configuration says/);
    assert.match(all, /external\/egress-httpbin: outbound\|80\|\|httpbin\.org for ns\/test-app\/sa\/app-a/);
  });

  it("make up again changes nothing and walks again", async () => {
    const { exitCode, all } = await make("up");
    assert.equal(exitCode, 0, all);
    assert.match(all, /\d+ unchanged/);
    assert.doesNotMatch(all, /\d+ (created|updated|deleted|replaced)/);
  });

  it("make env lets pulumi and kubectl be typed by hand", async () => {
    const script =
      'eval "$(make -s env)" && pulumi stack export --stack dev | head -c 20 && kubectl get sidecars -n test-app -o name';
    const { exitCode, all } = await execa("bash", ["-c", script], { cwd: ROOT, reject: false, all: true });
    assert.equal(exitCode, 0, all);
    assert.match(all, /"version": 3/);
    assert.match(all, /sidecar.networking.istio.io\/app-a/);
  });

  it("make down leaves no lab", async () => {
    const { exitCode, all } = await make("down");
    assert.equal(exitCode, 0, all);
    const status = await execa("make", ["-s", "status"], { cwd: ROOT, reject: false, all: true });
    assert.match(status.all, /the lab is down/);
  });
});
