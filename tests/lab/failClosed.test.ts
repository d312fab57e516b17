import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { intentOf } from "../../demo/stackFile";
import { flows, type Manifest, manifests } from "../../graph";
import { apply, kubectl } from "./support/cluster";
import { Load } from "./support/load";
import { demoSettings, demoUp } from "./support/stack";
import { call, carried, direct, eventuallyCalls } from "./support/traffic";

const CLASSIC = readFileSync(join(__dirname, "fixtures", "classic.yaml"), "utf8");
const STRANGERS = readFileSync(join(__dirname, "fixtures", "strangers.yaml"), "utf8");
const INTENT = intentOf(demoSettings());
const CALLERS = ["test-app/app-a", "test-app/app-b", "test-app/stranger", "elsewhere/app-a"];
const HOSTS = ["github.com", "www.github.com", "httpbin.org", "www.httpbin.org", "google.com", "www.google.com"];

/** The layout alone must hold: without any of the layers beside it. */
const UNGUARDED = { authorization: false, strictMutualTls: false, networkPolicy: false, admission: "Off" };

/** Everything that stands between an application and a destination, without the gateways' pods. */
const MESH_OBJECTS: Manifest[] = manifests(INTENT).filter(({ apiVersion }) =>
  apiVersion.startsWith("networking.istio.io/"),
);

/** Calls that left from a pod's own address, and calls that a gateway carried for an identity that it is not allowed to. */
async function violations(since: Date): Promise<string[]> {
  const allowed = new Set(flows(INTENT).map(({ principal, host, port }) => `${principal} outbound|${port}||${host}`));
  const left = (await direct(since, ["external", "classic-external"])).map(
    ({ peer, protocol, host }) => `${peer} left directly to ${protocol}://${host}`,
  );
  const lines = await Promise.all(INTENT.gateways.map(({ service }) => carried(`external/${service}`, since)));
  const forbidden = lines
    .flat()
    .filter(({ principal, upstream_cluster }) => !allowed.has(`${principal} ${upstream_cluster}`));
  return [
    ...new Set([
      ...left,
      ...forbidden.map(({ principal, upstream_cluster }) => `${principal} passed through to ${upstream_cluster}`),
    ]),
  ];
}

describe("lab: whatever is missing, nothing leaves directly", function () {
  this.timeout(600_000);
  const load = new Load(
    CALLERS,
    HOSTS.flatMap((host) => [`http://${host}`, `https://${host}`]),
  );
  before(async () => {
    await demoUp({ guards: UNGUARDED });
    await apply(STRANGERS);
  });
  beforeEach(() => load.start());
  afterEach(() => load.stop());
  after(async () => {
    await kubectl(["delete", "--ignore-not-found", "--wait=false", "-f", "-"], STRANGERS);
  });

  it(`any one of the ${MESH_OBJECTS.length} mesh objects deleted, under load of every caller to every host`, async () => {
    const since = new Date();
    const made = load.calls();
    for (const object of MESH_OBJECTS) {
      await kubectl(["delete", "-f", "-"], JSON.stringify(object));
      await load.round();
      await kubectl(["apply", "-f", "-"], JSON.stringify(object));
    }
    await load.round();
    assert.ok(load.calls() - made > 500, `only ${load.calls() - made} calls were made`);
    assert.deepEqual(await violations(since), []);
  });

  for (const seed of [1, 2, 3]) {
    it(`all mesh objects deleted and made again in random order ${seed}, under load`, async () => {
      const since = new Date();
      for (const object of shuffled(MESH_OBJECTS, seed)) {
        await kubectl(["delete", "-f", "-"], JSON.stringify(object));
        await wait(50);
      }
      await load.round();
      for (const object of shuffled(MESH_OBJECTS, seed + 100)) {
        await kubectl(["apply", "-f", "-"], JSON.stringify(object));
        await wait(50);
      }
      await load.round();
      assert.deepEqual(await violations(since), []);
      await eventuallyCalls("test-app/app-a", {
        "http://github.com": "HTTP 200",
        "https://www.httpbin.org": "HTTP 200",
        "http://google.com": "HTTP 502",
      });
    });
  }
});

describe("lab: the demo's original layout does worse", function () {
  this.timeout(300_000);
  before(() => apply(CLASSIC));
  after(() => kubectl(["delete", "--ignore-not-found", "--wait=false", "-f", "-"], CLASSIC));

  it("goes through its gateway while all its objects are there, and directly as soon as the mesh VirtualService is gone", async () => {
    await eventuallyCalls("classic/app-a", { "http://example.org": "HTTP 200", "https://example.org": "HTTP 200" });
    const before = new Date();
    assert.deepEqual(await call("classic/app-a", "http://example.org", "https://example.org"), [
      "HTTP 200",
      "HTTP 200",
    ]);
    assert.deepEqual(await direct(before, ["classic-external"]), []);
    await kubectl(["delete", "virtualservice", "-n", "classic", "app-a-example"]);
    const after = new Date();
    const deadline = Date.now() + 20_000;
    let left = 0;
    while (left === 0 && Date.now() < deadline) {
      await call("classic/app-a", "http://example.org", "https://example.org");
      left = (await direct(after, ["classic-external"])).length;
    }
    assert.ok(left > 0, "the original layout was expected to fail open");
  });
});

/** A fixed shuffle for each seed (Fisher-Yates with a small linear congruence). */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed;
  for (let index = result.length - 1; index > 0; index--) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const other = state % (index + 1);
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}
