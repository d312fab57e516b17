import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, load, loadAll } from "js-yaml";
import { NO_PERMISSION } from "../../cli/exit";
import { ApiRefusal, clusterClient } from "../../cli/read/clusterClient";
import { intentOf } from "../../demo/stackFile";
import { flows } from "../../graph";
import { labEnvironment, labPaths } from "../../lab";
import { ROOT } from "../support/demo";
import { runCli } from "../support/runCli";
import { apply, kubectl } from "./support/cluster";
import { demoSettings, demoUp } from "./support/stack";

const ROLES = readFileSync(join(ROOT, "docs/clusterrole.yaml"), "utf8");
const READER = "controlled-egress-reader";
const STACK = join(ROOT, "Pulumi.dev.yaml");
const URLS = ["http://github.com", "https://www.github.com", "https://google.com", "https://not-allowed.example"];

interface Rule {
  resources: string[];
}

interface Role {
  metadata: { name: string };
  rules: Rule[];
}

/** The reader's role with ServiceEntries left out. */
function poorRole(): string {
  const [role] = loadAll(ROLES) as Role[];
  assert.ok(role);
  const rules = role.rules.map((rule) => ({
    ...rule,
    resources: rule.resources.filter((each) => each !== "serviceentries"),
  }));
  return dump({ ...role, metadata: { name: "poor-reader" }, rules });
}

function account(name: string, role: string): string {
  const at = { name, namespace: "default" };
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role };
  return [
    dump({ apiVersion: "v1", kind: "ServiceAccount", metadata: at }),
    dump({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef,
      subjects: [{ kind: "ServiceAccount", ...at }],
    }),
  ].join("---\n");
}

const OBJECTS = [ROLES, poorRole(), account("reader", READER), account("poor", "poor-reader")].join("\n---\n");

describe("lab: the command line on a live cluster, with the ClusterRole and nothing else", function () {
  this.timeout(300_000);
  let folder: string;
  const usual = process.env.KUBECONFIG;

  /** A kubeconfig with a context for each account, by a token of its own (Kubernetes API, TokenRequest). */
  async function kubeconfig(...accounts: string[]): Promise<string> {
    const { clusters } = load(readFileSync(labPaths().kubeconfig, "utf8")) as { clusters: { name: string }[] };
    const users = [];
    for (const name of accounts)
      users.push({ name, user: { token: (await kubectl(["create", "token", "-n", "default", name])).trim() } });
    const contexts = accounts.map((name) => ({ name, context: { cluster: clusters[0]?.name, user: name } }));
    const file = join(folder, "kubeconfig");
    writeFileSync(file, dump({ apiVersion: "v1", kind: "Config", clusters, users, contexts, "current-context": "" }));
    return file;
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "controlled-egress-live-"));
    await demoUp();
    await apply(OBJECTS);
    process.env.KUBECONFIG = await kubeconfig("reader", "poor");
  });
  after(async () => {
    if (usual === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = usual;
    rmSync(folder, { recursive: true });
    await kubectl(["delete", "--ignore-not-found", "-f", "-"], OBJECTS);
  });

  async function verdict(workload: string, url: string, ...input: string[]): Promise<Record<string, unknown>> {
    const { out, err } = await runCli("explain", workload, url, "--json", ...input);
    assert.equal(err, "");
    const { verdict, gateway, destination, others } = JSON.parse(out);
    return { verdict, gateway, destination, others };
  }

  it("explains every call of the demo as its stack's config does", async () => {
    const allowed = flows(intentOf(demoSettings())).map(
      ({ application, host, port }) => [application, `${port === 80 ? "http" : "https"}://${host}`] as const,
    );
    const others = ["test-app/app-a", "test-app/app-b"].flatMap((app) => URLS.map((url) => [app, url] as const));
    assert.equal(allowed.length, 12);
    for (const [workload, url] of [...allowed, ...others])
      assert.deepEqual(
        await verdict(workload, url, "--context", "reader"),
        await verdict(workload, url, "--from", STACK),
        `${workload} ${url}`,
      );
  });

  it("maps what the stack's config maps, each application once", async () => {
    const { code, out, err } = await runCli("map", "--context", "reader", "--format", "json");
    assert.deepEqual([code, err], [0, ""]);
    const live = JSON.stringify(JSON.parse(out));
    for (const name of ["test-app/app-a", "test-app/app-b", "external/egress-github"]) assert.ok(live.includes(name));
    assert.equal(/app-a-[0-9a-f]+-/.test(live), false, "a pod stands beside its Deployment");
  });

  it("judges the cluster by the rules, and finds nothing against the demo", async () => {
    const { code, out, err } = await runCli("check", "--context", "reader");
    assert.equal(err, "");
    assert.equal(code, 0, out);
  });

  it("finds no difference between the stack's config and the cluster that came from it", async () => {
    const { out, err } = await runCli("diff", STACK, "context:reader", "--format", "json");
    assert.equal(err, "");
    const { newlyReachable, noLongerReachable, pathChanged, guardsLost } = JSON.parse(out);
    assert.deepEqual([noLongerReachable, pathChanged, guardsLost], [[], [], []], out);
    // What is no application of the stack's (the cluster's own pods) has no sidecar to stop it.
    const own = (newlyReachable as { application: string }[]).filter(({ application }) =>
      /^test-app\//.test(application),
    );
    assert.deepEqual(own, []);
  });

  it("may not read Secrets, nor any ConfigMap but the mesh's", async () => {
    const client = await clusterClient("reader");
    const refused = (error: unknown) => error instanceof ApiRefusal && error.status === 403;
    for (const path of ["/api/v1/secrets", "/api/v1/configmaps", "/api/v1/namespaces/test-app/pods/x/log"])
      await assert.rejects(client.get(path), refused, path);
  });

  it("names the permission that is missing, and answers nothing without it", async () => {
    const { code, out, err } = await runCli("explain", "test-app/app-a", URLS[0] ?? "", "--context", "poor");
    assert.equal(code, NO_PERMISSION);
    assert.equal(out, "");
    assert.match(
      err,
      /^error: context poor: you may not list serviceentries\.networking\.istio\.io, .*ClusterRole.*\n$/,
    );
  });

  it("answers a plain kubeconfig too, by the lab's own context", async () => {
    process.env.KUBECONFIG = labEnvironment().KUBECONFIG;
    const found = await verdict("test-app/app-a", "https://github.com", "--context", "lab");
    assert.equal(found.verdict, "gateway");
  });
});
