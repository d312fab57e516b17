import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { INTERNET_HOSTS, internetLog, kubectl, labPaths, labProblems, SPECIAL_HOSTS } from "../../lab";
import { policySets } from "../../lab/networkPolicy";
import { ROOT } from "../support/demo";
import { eventually, eventuallyResolved } from "../support/eventually";
import { lab } from "../support/lab";
import { daemons, forgetBoot, killEverything, look, type Machine, ownProcesses } from "./support/machine";

/** The lab itself. What breaks it comes last, and `down` last of all. */
describe("lab: the lab", function () {
  this.timeout(300_000);
  let untouched: Machine;

  before(async () => {
    await lab("down");
    untouched = await look();
    await lab("up");
    await kubectl(["create", "deployment", "caller", "--image=lab.local/app:1"]);
    await kubectl(["rollout", "status", "deployment/caller", "--timeout=60s"]);
    await kubectl(["apply", "--filename=-"], EVERYTHING_ALLOWED);
    await eventuallyResolved("the policy is in force", async () => ((await policySets())[0] ? undefined : "no set"));
  });

  it("changes this machine, or the test of `down` would prove nothing", async () => {
    const now = await look();
    for (const part of Object.keys(untouched) as (keyof Machine)[]) {
      assert.notDeepEqual(now[part], untouched[part], part);
    }
  });

  it("is up and well, and a second up leaves every process alone", async () => {
    assert.deepEqual(await labProblems(), []);
    const running = daemons();
    await lab("up");
    assert.deepEqual(daemons(), running);
  });

  it("has an internet whose hosts each have an address of their own and a certificate that pods trust", async () => {
    const expected = INTERNET_HOSTS.flatMap(({ name, address }) =>
      protocolsOf(name).map((protocol) => ({ host: name, address, path: "/a?b", protocol })),
    );
    const urls = expected.map(({ host, path, protocol }) => `${protocol}://${host.replace("*", "any")}${path}`);
    const answers = (await callFromPod(...urls)).map((text) => JSON.parse(text) as Answer);
    assert.deepEqual(
      answers.map(({ host, address, path, protocol }) => ({ host, address, path, protocol })),
      expected,
    );
    assert.equal(new Set(INTERNET_HOSTS.map(({ address }) => address)).size, INTERNET_HOSTS.length);
  });

  it("has an httpbin.org that answers the demo's paths", async () => {
    const [headers, ip] = await callFromPod("http://httpbin.org/headers", "https://httpbin.org/ip");
    assert.equal((JSON.parse(headers ?? "") as { headers: Record<string, string> }).headers.Host, "httpbin.org");
    assert.equal((JSON.parse(ip ?? "") as { origin: string }).origin, await podAddress());
  });

  it("resolves no name that its internet does not have", async () => {
    await assert.rejects(inPod("curl -sS --max-time 10 http://nowhere.example"), /Could not resolve host/);
  });

  it("logs who called: the pod's own address", async () => {
    const since = new Date();
    await callFromPod("https://evil.example/secret");
    const calls = internetLog(since).filter(({ event }) => event === "request");
    assert.deepEqual(
      calls.map(({ host, peer, path, sni }) => ({ host, peer, path, sni })),
      [{ host: "evil.example", peer: await podAddress(), path: "/secret", sni: "evil.example" }],
    );
  });

  it("is the only one of this machine: a second one is refused, by name of the first", async () => {
    const { command, args } = labCommand("up");
    const second = { XDG_STATE_HOME: mkdtempSync(join(tmpdir(), "second-lab-")) };
    const { exitCode, stderr } = await execa(command, args, { cwd: ROOT, reject: false, env: second });
    assert.equal(exitCode, 1);
    assert.match(stderr, /a lab runs on this machine already, its folder is /);
    assert.ok(stderr.includes(labPaths().state), stderr);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.deepEqual(await labProblems(), []);
  });

  it("starts a daemon that was killed, and leaves the others alone", async () => {
    const before = daemons();
    process.kill(before.scheduler ?? 0, "SIGKILL");
    await lab("up");
    const { scheduler, ...others } = daemons();
    assert.notEqual(scheduler, before.scheduler);
    assert.deepEqual({ ...others, scheduler: before.scheduler }, before);
    assert.deepEqual(await labProblems(), []);
  });

  it("comes back with its pods after everything was killed and this machine started again", async () => {
    const containers = await containerIds();
    killEverything();
    await eventually("no process is left", () => ownProcesses().length === 0);
    await forgetBoot();
    assert.notDeepEqual(await labProblems(), []);
    await lab("up");
    assert.deepEqual(await labProblems(), []);
    const [answer] = await callFromPod("https://www.github.com");
    assert.equal((JSON.parse(answer ?? "") as Answer).host, "www.github.com");
    assert.notDeepEqual(await containerIds(), containers);
  });

  it("comes up after an up that was killed half way", async () => {
    await lab("down");
    const { command, args } = labCommand("up");
    const killed = execa(command, args, { cwd: ROOT, reject: false, stdio: "ignore" });
    await eventually("the API server was started", () => daemons().apiserver !== undefined);
    killed.kill("SIGKILL");
    await killed;
    await lab("up");
    assert.deepEqual(await labProblems(), []);
  });

  it("is taken away with all that it made, even when half of it is dead", async () => {
    const { kubelet, containerd, apiserver } = daemons();
    for (const pid of [kubelet, containerd, apiserver]) process.kill(pid ?? 0, "SIGKILL");
    await lab("down");
    assert.deepEqual(await look(), untouched);
  });

  it("is taken away a second time without a word", async () => {
    const { command, args } = labCommand("down");
    const { exitCode, all } = await execa(command, args, { cwd: ROOT, reject: false, all: true });
    assert.deepEqual([exitCode, all], [0, ""]);
  });
});

/** Those hosts' HTTPS is not for everybody; see `internet.test.ts`. */
const { mutualTls, wrongAuthority, wrongName } = SPECIAL_HOSTS;
const WITHOUT_HTTPS: readonly string[] = [mutualTls, wrongAuthority, wrongName];

function protocolsOf(name: string): string[] {
  return WITHOUT_HTTPS.includes(name) ? ["http"] : ["http", "https"];
}

/** A policy that changes nothing for anybody, but is there. */
const EVERYTHING_ALLOWED = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: everything-allowed }
spec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }
`;

interface Answer {
  host: string;
  address: string;
  path: string;
  protocol: string;
}

function labCommand(verb: string): { command: string; args: string[] } {
  return { command: process.execPath, args: ["-r", "ts-node/register/transpile-only", "lab/main.ts", verb] };
}

/** Calls one after the other from a pod without a sidecar; the answers' bodies. */
async function callFromPod(...urls: string[]): Promise<string[]> {
  const separator = "=====";
  const script = urls.map((url) => `curl -sS --max-time 10 '${url}'; echo ${separator}`).join("\n");
  const output = await inPod(script);
  return output.split(`${separator}\n`).slice(0, urls.length);
}

/** kubectl's output ends without a line end, so the last separator gets one back. */
async function inPod(script: string): Promise<string> {
  return `${await kubectl(["exec", "deployment/caller", "--", "sh", "-c", script])}\n`;
}

async function podAddress(): Promise<string> {
  return kubectl(["get", "pods", "--selector=app=caller", "--output=jsonpath={.items[0].status.podIP}"]);
}

async function containerIds(): Promise<string> {
  return kubectl(["get", "pods", "--all-namespaces", "--output=jsonpath={..containerID}"]);
}
