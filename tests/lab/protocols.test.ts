import assert from "node:assert/strict";
import { curl, quote, raw } from "../../attack/attempts/shell";
import { CONFIG, CONTROLLED } from "../../attack/grounds/controlled";
import { accessLog } from "../../demo/accessLog";
import { runningPod } from "../../demo/kubectl";
import { withDefaults } from "../../graph";
import { INTERNET_BLOCK, internetAddress, internetLog } from "../../lab";
import { eventuallyResolved } from "../support/eventually";
import { kubectl } from "./support/cluster";
import { outsideStack } from "./support/outside";

/** A call that the configuration allows, in some protocol. */
interface Allowed {
  title: string;
  script: string;
  /** What the command prints when it worked. */
  prints: RegExp;
  /** Where it arrived, as the internet's log names it. */
  host: string;
  /** Through which gateway, by the cluster's name in its log. */
  gateway: string;
  cluster: string;
}

const OK = /HTTP 200, curl 0/;
const PARTNERS = "egress-partners";
const BANNER = /HELLO/;
const [, second = ""] = INTERNET_BLOCK.addresses;

const ALLOWED: Allowed[] = [
  http("plain HTTP", "http://github.com/", "github.com", "egress-github", 80),
  http("HTTPS passed through", "https://www.github.com/", "www.github.com", "egress-github", 443),
  http("HTTPS with the inner SNI checked", "https://partner.example/", "partner.example", PARTNERS, 443),
  http("TLS originated at the gateway", "http://httpbin.org/", "httpbin.org", PARTNERS, 80),
  http("mutual TLS originated at the gateway", "http://mutual.example/", "mutual.example", PARTNERS, 80),
  http("plain HTTP to a wildcard's host", "http://a.wildcard.example/", "*.wildcard.example", "egress-wildcards", 80),
  http("HTTPS to a wildcard's host", "https://b.wildcard.example/", "*.wildcard.example", "egress-wildcards", 443),
  {
    title: "gRPC",
    script: curl(
      "http://grpc.example:50051/lab.Echo/Say",
      "--http2-prior-knowledge",
      "-H",
      "content-type: application/grpc",
      "-H",
      "te: trailers",
      "--data-binary",
      "",
    ),
    prints: OK,
    host: "grpc.example",
    gateway: PARTNERS,
    cluster: "outbound|50051||grpc.example",
  },
  tcp("TCP to a host", internetAddress("db1.example"), "db1.example", "db1.example"),
  tcp("TCP to another host on the same port", internetAddress("db2.example"), "db2.example", "db2.example"),
  tcp(
    "TCP to one address of a range",
    second,
    `n${second.split(".").at(-1)}.${INTERNET_BLOCK.name}`,
    `${second.replaceAll(".", "-")}.block.cidr.internal`,
  ),
];

function http(title: string, url: string, host: string, gateway: string, port: number): Allowed {
  const cluster = `outbound|${port}||${host}`;
  return { title, script: curl(url), prints: OK, host, gateway, cluster };
}

function tcp(title: string, address: string, host: string, name: string): Allowed {
  const script = raw(address, 5432, "ping\n");
  return { title, script, prints: BANNER, host, gateway: PARTNERS, cluster: `outbound|5432||${name}` };
}

async function run(script: string): Promise<string> {
  const pod = await runningPod(kubectl, CONTROLLED.namespace, { app: "app-a" });
  return kubectl(
    ["exec", "-i", "-n", CONTROLLED.namespace, pod, "-c", "app", "--", "sh", "-s"],
    `exec 2>&1\n${script}\n`,
  );
}

describe("lab: every allowed call, in every protocol", function () {
  this.timeout(300_000);
  const principal = "spiffe://cluster.local/ns/attack-apps/sa/app-a";
  before(() => outsideStack());

  for (const allowed of ALLOWED)
    it(`${allowed.title}: arrives through the gateway, whose log names the caller`, async () => {
      await eventuallyResolved(allowed.title, async () => {
        const output = await run(allowed.script);
        return allowed.prints.test(output) ? undefined : output;
      });
      const since = new Date();
      assert.match(await run(allowed.script), allowed.prints);
      const peers = internetLog(since).filter(({ host }) => host === allowed.host);
      assert.ok(peers.length > 0, `nothing arrived at ${allowed.host}: ${JSON.stringify(internetLog(since))}`);
      const gateways = await kubectl([
        "get",
        "pods",
        "-n",
        CONTROLLED.gatewayNamespace,
        "-l",
        `app=${allowed.gateway}`,
        "-o",
        "jsonpath={.items[*].status.podIP}",
      ]);
      for (const { peer } of peers)
        assert.ok(gateways.split(" ").includes(peer), `${peer} is no pod of ${allowed.gateway}`);
      await eventuallyResolved(`the line of ${allowed.gateway}`, async () => {
        const lines = await accessLog(kubectl, CONTROLLED.gatewayNamespace, allowed.gateway, since.toISOString());
        return lines.some((line) => line.principal === principal)
          ? undefined
          : JSON.stringify(lines.map((line) => [line.principal, line.upstream_cluster]));
      });
    });

  it("fails where the outside server is not who it should be", async () => {
    for (const host of ["wrong-ca.example", "wrong-name.example"]) {
      const since = new Date();
      assert.match(await run(curl(`http://${host}/`)), /HTTP 503/);
      assert.deepEqual(
        internetLog(since).filter(({ event }) => event === "request"),
        [],
      );
    }
  });

  it("blocks the neighbour of a range, and the same port of other addresses", async () => {
    for (const address of [internetAddress("cnn.com"), INTERNET_BLOCK.addresses[0]?.replace(/64$/, "68") ?? ""]) {
      const since = new Date();
      assert.doesNotMatch(await run(raw(address, 5432, "ping\n")), BANNER);
      assert.deepEqual(internetLog(since), []);
    }
  });

  it("sends nothing about the mesh outside: the server sees the application's own headers alone", async () => {
    for (const url of ["http://github.com/", "http://httpbin.org/headers"]) {
      const answer = JSON.parse(await run(`curl -s -H 'x-own: 1' ${quote(url)}`)) as {
        headers: Record<string, string>;
      };
      const names = Object.keys(answer.headers).map((name) => name.toLowerCase());
      assert.deepEqual(names.sort(), ["accept", "host", "user-agent", "x-own"]);
      assert.doesNotMatch(JSON.stringify(answer.headers), /spiffe|198\.18\.|svc\.cluster\.local/);
    }
  });

  it("covers every destination of the stage", () => {
    const hosts = withDefaults(CONFIG).destinations.filter(
      ({ name }) => !["untrusted", "limited", "google"].includes(name),
    );
    for (const { name, hosts: all } of hosts)
      assert.ok(
        ALLOWED.some(({ cluster }) => all.some((host) => cluster.endsWith(`||${host.name}`))),
        `no call to ${name}`,
      );
  });
});
