import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { internetAddress, internetLog, kubectl, labProblems } from "../../lab";
import { kubernetesChains } from "../../lab/iptables";
import { policySets } from "../../lab/networkPolicy";
import { processesNamed } from "../../lab/processes";
import { ROOT } from "../support/demo";
import { eventuallyResolved } from "../support/eventually";
import { lab } from "../support/lab";
import { apply } from "./support/cluster";
import { daemons, look, type Machine } from "./support/machine";

/** That policies are enforced, also around the death of who enforces them, and that nothing of them is left. */
describe("lab: network policies", function () {
  this.timeout(300_000);
  let untouched: Machine;

  before(async () => {
    await lab("down");
    untouched = await look();
    await lab("up");
    await apply(APPS);
  });

  it("let a pod out to what its policy names, and refuse the rest at once", async () => {
    assert.deepEqual(await outcomes("guarded/app", OUTSIDE), { "github.com": 0, "evil.example": 0 });
    await apply(ONLY_GITHUB);
    await eventuallyOutcomes("guarded/app", OUTSIDE, { "github.com": 0, "evil.example": REFUSED });
    assert.deepEqual(await outcomes("open/app", OUTSIDE), { "github.com": 0, "evil.example": 0 });
    const since = new Date();
    await outcomes("guarded/app", OUTSIDE);
    const reached = internetLog(since).filter(({ event }) => event === "request");
    assert.deepEqual(
      reached.map(({ host }) => host),
      ["github.com"],
    );
  });

  it("let in who is named by its labels and refuse others on the same node", async () => {
    const server = { server: `http://${await podAddress("guarded", "server")}:8080/` };
    assert.deepEqual(await outcomes("open/app", server), { server: 0 });
    assert.deepEqual(await outcomes("open/friend", server), { server: 0 });
    await apply(ONLY_FRIENDS);
    await eventuallyOutcomes("open/app", server, { server: REFUSED });
    assert.deepEqual(await outcomes("open/friend", server), { server: 0 });
  });

  it("stay in force while kube-router is dead, and a new one knows them", async () => {
    const { "network-policy": before = 0 } = daemons();
    process.kill(before, "SIGKILL");
    await eventuallyResolved("it is missed", async () =>
      (await labProblems()).some((line) => /^network-policy: kube-router does not run/.test(line)) ? undefined : "no",
    );
    assert.deepEqual(await outcomes("guarded/app", OUTSIDE), { "github.com": 0, "evil.example": REFUSED });
    await apply(ONLY_EVIL);
    await lab("up");
    assert.deepEqual(await labProblems(), []);
    const after = daemons()["network-policy"];
    assert.notEqual(after, before);
    assert.deepEqual(
      processesNamed("kube-router").map(({ pid }) => pid),
      [after],
    );
    // `up` waits for the new one's first look at the policies: no call needs to wait for it.
    assert.deepEqual(await outcomes("guarded/app", OUTSIDE), { "github.com": REFUSED, "evil.example": 0 });
  });

  it("are enforced by one kube-router: with another one on the machine, up says whose it is", async () => {
    const program = join(mkdtempSync(join(tmpdir(), "kube-router-")), "kube-router");
    copyFileSync("/bin/sleep", program);
    const stranger = execa(program, ["60"], { reject: false });
    const args = ["-r", "ts-node/register/transpile-only", "lab/main.ts", "up"];
    const { exitCode, stderr } = await execa(process.execPath, args, { cwd: ROOT, reject: false });
    stranger.kill("SIGKILL");
    await stranger;
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      new RegExp(`A kube-router that is not of this lab runs already \\(process ${stranger.pid}\\)`),
    );
    assert.deepEqual(await labProblems(), []);
  });

  it("leave no rule, no set and no process when the lab goes while they are in place", async () => {
    assert.notDeepEqual(await policySets(), []);
    process.kill(daemons()["network-policy"] ?? 0, "SIGKILL");
    await lab("down");
    assert.deepEqual(await policySets(), []);
    assert.deepEqual(await kubernetesChains(), []);
    assert.deepEqual(await look(), untouched);
  });
});

/** curl's exit code. */
const REFUSED = 7;

/** By address, since the policy of these pods does not let them ask for names. */
const OUTSIDE = {
  "github.com": `http://${internetAddress("github.com")}/`,
  "evil.example": `http://${internetAddress("evil.example")}/`,
};

/** curl's exit code for each URL, called from `namespace/app`. */
async function outcomes(from: string, urls: Record<string, string>): Promise<Record<string, number>> {
  const [namespace = "", app = ""] = from.split("/");
  const script = Object.values(urls).map((url) => `curl -sS -o /dev/null --max-time 5 '${url}' 2>/dev/null; echo $?`);
  const output = await kubectl(["exec", "-n", namespace, `deployment/${app}`, "--", "sh", "-c", script.join("\n")]);
  const codes = output.split("\n").map(Number);
  return Object.fromEntries(Object.keys(urls).map((name, index) => [name, codes[index] ?? -1]));
}

function eventuallyOutcomes(
  from: string,
  urls: Record<string, string>,
  expected: Record<string, number>,
): Promise<void> {
  return eventuallyResolved(`calls from ${from}`, async () => {
    const seen = JSON.stringify(await outcomes(from, urls));
    return seen === JSON.stringify(expected) ? undefined : seen;
  });
}

function podAddress(namespace: string, app: string): Promise<string> {
  return kubectl([
    "get",
    "pods",
    "-n",
    namespace,
    `--selector=app=${app}`,
    "--output=jsonpath={.items[0].status.podIP}",
  ]);
}

/** Answers any call on 8080. */
const SERVER = `
import socket
listener = socket.create_server(("", 8080))
while True:
    caller, _ = listener.accept()
    caller.recv(1000)
    caller.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n")
    caller.close()
`;

function deployment(namespace: string, app: string, command?: string[]): string {
  const container = {
    name: app,
    image: "lab.local/app:1",
    imagePullPolicy: "IfNotPresent",
    ...(command && { command }),
  };
  const readiness = command && { readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } };
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: app, namespace },
    spec: {
      selector: { matchLabels: { app } },
      template: { metadata: { labels: { app } }, spec: { containers: [{ ...container, ...readiness }] } },
    },
  });
}

const APPS = [
  "apiVersion: v1\nkind: Namespace\nmetadata: { name: guarded }",
  "apiVersion: v1\nkind: Namespace\nmetadata: { name: open }",
  deployment("guarded", "app"),
  deployment("guarded", "server", ["python3", "-c", SERVER]),
  deployment("open", "app"),
  deployment("open", "friend"),
].join("\n---\n");

function onlyTo(host: string): string {
  return `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: out, namespace: guarded }
spec:
  podSelector: { matchLabels: { app: app } }
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: ${internetAddress(host)}/32 } }], ports: [{ port: 80 }] }]
`;
}

const ONLY_GITHUB = onlyTo("github.com");
const ONLY_EVIL = onlyTo("evil.example");

const ONLY_FRIENDS = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: in, namespace: guarded }
spec:
  podSelector: { matchLabels: { app: server } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: open } }
          podSelector: { matchLabels: { app: friend } }
`;
