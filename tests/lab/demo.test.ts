import assert from "node:assert/strict";
import { join } from "node:path";
import { walkTable } from "../../demo/report";
import { intentOf } from "../../demo/stackFile";
import { walk } from "../../demo/walk";
import { ROOT } from "../support/demo";
import type { Engine } from "../support/engine";
import { kubectl } from "./support/cluster";
import { assertDone, changes, demoSettings, demoUp } from "./support/stack";
import { curl, direct, eventuallyCalls } from "./support/traffic";

describe("lab: the demo", function () {
  this.timeout(300_000);
  let stack: Engine;
  before(async () => {
    stack = await demoUp();
  });

  it("lets every allowed call through its own gateway and blocks all others, over HTTP and HTTPS, apex and www", async () => {
    const since = new Date();
    const walked = await walk(kubectl, intentOf(demoSettings()));
    assert.deepEqual(
      walked.filter(({ ok }) => !ok),
      [],
      `\n${walkTable(walked)}`,
    );
    assert.equal(walked.filter(({ flow }) => flow !== undefined).length, 12);
    assert.equal(walked.length, 32);
    assert.deepEqual(await direct(since, ["external"]), []);
  });

  it("reaches each host at its own address, not the apex's", async () => {
    const answers = await curl(
      "test-app/app-a",
      "http://github.com",
      "http://www.github.com",
      "https://github.com",
      "https://www.github.com",
    );
    assert.deepEqual(
      answers.map(({ body }) => (JSON.parse(body) as { host: string }).host),
      ["github.com", "www.github.com", "github.com", "www.github.com"],
    );
  });

  it("sends out no word of who called: no certificate, no identity", async () => {
    const [answer] = await curl("test-app/app-a", "http://httpbin.org/headers");
    assert.ok(answer);
    assert.doesNotMatch(answer.body, /x-forwarded-client-cert|spiffe/i);
  });

  it("changes nothing on a second up, shows no change at preview and no drift at refresh", async () => {
    const again = await stack.up("--skip-preview", "--refresh");
    assertDone(again);
    assert.deepEqual(changes(again), []);
    assertDone(await stack.preview("--expect-no-changes"));
    assertDone(await stack.drift());
  });

  it("passes the policy pack, at preview and by its exported state, without a word", async () => {
    const pack = join(ROOT, "policy");
    const preview = await stack.preview("--policy-pack", pack);
    assertDone(preview);
    assert.deepEqual(
      preview.events.flatMap(({ policyEvent }) => policyEvent ?? []),
      [],
    );
    assertDone(await stack.analyze(pack, JSON.stringify(await stack.exportState())));
  });

  it("changes only what the configuration changes, and traffic follows", async () => {
    const settings = demoSettings();
    const { google: _gone, ...destinations } = settings["controlled-egress:destinations"] as Record<string, unknown>;
    const [appA, appB] = settings["controlled-egress:applications"] as [object, object];
    stack.writeConfig(
      demoSettings({
        destinations: { ...destinations, partner: { hosts: ["partner.example"] } },
        applications: [appA, { ...appB, allow: ["partner"] }],
      }),
    );
    const up = await stack.up("--skip-preview");
    assertDone(up);
    const made = (host: string) => [`external-VirtualService-${host}`, `external-routes-DestinationRule-${host}`];
    const dedicated = (name: string) => [
      `external-Release-egress-${name}`,
      `external-Gateway-egress-${name}`,
      `external-AuthorizationPolicy-egress-${name}`,
      `external-NetworkPolicy-egress-${name}`,
      `external-ServiceEntry-${name}`,
      `external-routes-ServiceEntry-${name}`,
    ];
    assert.deepEqual(
      changes(up).filter((change) => !change.startsWith("discard")),
      [
        ...[...dedicated("partner"), ...made("partner.example")].map((name) => `create egress-${name}`),
        ...[...dedicated("google"), ...made("google.com"), ...made("www.google.com")].map(
          (name) => `delete egress-${name}`,
        ),
        "update egress", // the component's own args
        "update egress-test-app-NetworkPolicy-app-b",
        "update egress-test-app-Sidecar-app-b",
      ].sort(),
    );
    await eventuallyCalls("test-app/app-b", {
      "http://partner.example": "HTTP 200",
      "https://partner.example": "HTTP 200",
      "http://google.com": "HTTP 502",
      "https://google.com": "closed (curl 35)",
    });
    await eventuallyCalls("test-app/app-a", {
      "http://github.com": "HTTP 200",
      "https://www.github.com": "HTTP 200",
      "http://partner.example": "HTTP 502",
    });
    await demoUp();
  });
});
