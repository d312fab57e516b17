import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { NO_PERMISSION, UNAVAILABLE } from "../../../cli/exit";
import { manifestsBy, manifestsOfCluster } from "../../../cli/read/cluster";
import { clusterClient } from "../../../cli/read/clusterClient";
import { CLUSTER_KINDS, MESH_CONFIG } from "../../../cli/read/clusterKinds";
import { PAGE } from "../../../cli/read/clusterLists";
import { UNKNOWN } from "../../../graph/mesh/unknown";
import { ROOT } from "../../support/demo";
import { FakeApiServer, type FakeCluster, useKubeconfig } from "../../support/fakeApiServer";
import { runCli } from "../../support/runCli";

const ENTRIES = "/apis/networking.istio.io/v1/serviceentries";

function object(apiVersion: string, kind: string, name: string, rest: object = {}) {
  return { apiVersion, kind, metadata: { name, namespace: "shop" }, ...rest };
}

function entry(name: string) {
  const ports = [{ number: 443, name: "tls", protocol: "TLS" }];
  return object("networking.istio.io/v1", "ServiceEntry", name, {
    spec: { hosts: [`${name}.com`], ports, resolution: "DNS" },
  });
}

const MESH = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "istio", namespace: "istio-system", managedFields: [{ manager: "helm" }] },
  data: { mesh: "outboundTrafficPolicy: {mode: REGISTRY_ONLY}" },
};
const CONFIG = { "/api/v1/namespaces/istio-system/configmaps/istio": MESH };

describe("the reader of a live cluster", () => {
  let server: FakeApiServer | undefined;

  async function start(cluster: FakeCluster): Promise<FakeApiServer> {
    server = new FakeApiServer(cluster);
    await server.start();
    return server;
  }

  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  it("reads kinds that the cluster serves, with their type and without the notes of writers", async () => {
    const pods = [object("v1", "Pod", "a"), object("v1", "Pod", "b", { status: { phase: "Succeeded" } })];
    await start({ lists: { "/api/v1/pods": pods, [ENTRIES]: [entry("x")] }, objects: CONFIG });
    const found = await manifestsOfCluster("fake");
    assert.deepEqual(
      found.map(
        ({ manifest, source }) => `${source} ${manifest.apiVersion} ${manifest.kind} ${manifest.metadata.name}`,
      ),
      ["live v1 Pod a", "live networking.istio.io/v1 ServiceEntry x", "live v1 ConfigMap istio"],
    );
    assert.equal(JSON.stringify(found).includes("managedFields"), false);
  });

  it("reads long lists page by page", async () => {
    const names = Array.from({ length: 2 * PAGE + 1 }, (_, i) => `x${i}`);
    const { asked } = await start({ lists: { [ENTRIES]: names.map(entry) }, objects: CONFIG });
    const found = await manifestsOfCluster("fake");
    const read = found.map(({ manifest }) => manifest.metadata.name).filter((name) => name !== "istio");
    assert.deepEqual(read, names);
    assert.equal(asked.filter((url) => url.startsWith(ENTRIES)).length, 3);
  });

  it("reads a list again as a whole when the server has forgotten its page", async () => {
    const names = Array.from({ length: PAGE + 1 }, (_, i) => `x${i}`);
    const refusals = { [ENTRIES]: [200, 410, 200] };
    const { asked } = await start({ lists: { [ENTRIES]: names.map(entry) }, objects: CONFIG, refusals });
    assert.equal((await manifestsOfCluster("fake")).length, names.length + 1);
    assert.equal(asked.at(-2), ENTRIES);
  });

  it("takes a kind in a version that has it, where the preferred one has not", async () => {
    const old = "/apis/gateway.networking.k8s.io/v1alpha2/tcproutes";
    const route = object("gateway.networking.k8s.io/v1alpha2", "TCPRoute", "r");
    await start({ lists: { "/apis/gateway.networking.k8s.io/v1/gateways": [], [old]: [route] } });
    const [found] = await manifestsOfCluster("fake");
    assert.equal(found?.manifest.apiVersion, "gateway.networking.k8s.io/v1alpha2");
  });

  it("leaves out what is over, and what only stands between an owner and its pods", async () => {
    const owned = { ownerReferences: [{ kind: "Deployment", name: "a", controller: true }] };
    const replicas = [
      { ...object("apps/v1", "ReplicaSet", "a-1", { spec: { replicas: 1 } }), metadata: { name: "a-1", ...owned } },
      object("apps/v1", "ReplicaSet", "old", { spec: { replicas: 0 } }),
      object("apps/v1", "ReplicaSet", "own", { spec: { replicas: 1 } }),
    ];
    const jobs = [
      object("batch/v1", "Job", "done", { status: { conditions: [{ type: "Complete", status: "True" }] } }),
      object("batch/v1", "Job", "runs", { status: {} }),
    ];
    await start({ lists: { "/apis/apps/v1/replicasets": replicas, "/apis/batch/v1/jobs": jobs } });
    const found = await manifestsOfCluster("fake");
    assert.deepEqual(found.map(({ manifest }) => manifest.metadata.name).sort(), ["own", "runs"]);
  });

  it("never asks for a Secret", async () => {
    const { asked } = await start({
      lists: { "/api/v1/secrets": [object("v1", "Secret", "s")], "/api/v1/pods": [] },
      objects: CONFIG,
    });
    await manifestsOfCluster("fake");
    assert.deepEqual(
      asked.filter((url) => url.includes("secret")),
      [],
    );
  });

  it("refuses to answer without a kind that may not be listed, and names the permission", async () => {
    await start({ lists: { "/api/v1/pods": [], [ENTRIES]: [] }, objects: CONFIG, refusals: { [ENTRIES]: [403] } });
    const { code, out, err } = await runCli("map", "--context", "fake");
    assert.equal(code, NO_PERMISSION);
    assert.equal(out, "");
    assert.equal(
      err,
      'error: context fake: you may not list serviceentries.networking.istio.io, and any answer may depend on it. Bind the ClusterRole of docs/clusterrole.yaml to who asks (README, "A live cluster").\n',
    );
  });

  it("refuses to answer without the mesh's configuration, where it may not be got", async () => {
    const refusals = { "/api/v1/namespaces/istio-system/configmaps/istio": [403] };
    await start({ lists: { [ENTRIES]: [] }, refusals });
    const { code, err } = await runCli("map", "--context", "fake");
    assert.equal(code, NO_PERMISSION);
    assert.match(err, /may not get configmaps "istio" of istio-system/);
  });

  it("takes MeshConfig for unknown where the cluster has Istio, but none in its place", async () => {
    await start({ lists: { [ENTRIES]: [] } });
    const [found] = await manifestsOfCluster("fake");
    assert.deepEqual(found?.manifest.data, { mesh: UNKNOWN });
  });

  it("says in one line what the server answers, when it cannot", async () => {
    await start({ lists: { [ENTRIES]: [] }, objects: CONFIG, refusals: { [ENTRIES]: [500] } });
    const { code, err } = await runCli("map", "--context", "fake");
    assert.equal(code, UNAVAILABLE);
    assert.match(err, /^error: context fake: the API server answers .*HTTP 500 refused.*\n$/);
  });

  it("says that credentials are not accepted", async () => {
    await start({ lists: {}, refusals: { "/apis": [401] } });
    const { code, err } = await runCli("map", "--context", "fake");
    assert.equal(code, UNAVAILABLE);
    assert.match(err, /^error: context fake \(http:.*\): the API server does not accept the credentials.*\n$/);
  });

  it("names a near context for one that is not there", async () => {
    await start({ lists: {} });
    const { code, err } = await runCli("explain", "a/b", "https://x.com", "--context", "fakee");
    assert.equal(code, UNAVAILABLE);
    assert.equal(err, 'error: the kubeconfig has no context "fakee". Did you mean "fake"?\n');
  });

  describe("without a server", () => {
    let folder: string;
    const before = process.env.KUBECONFIG;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "controlled-egress-cluster-"));
    });
    afterEach(() => {
      if (before === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = before;
      rmSync(folder, { recursive: true });
    });

    it("says that nothing listens", async () => {
      useKubeconfig(folder, "http://127.0.0.1:1");
      const { code, err } = await runCli("map", "--context", "fake");
      assert.equal(code, UNAVAILABLE);
      assert.equal(err, "error: context fake (http://127.0.0.1:1): nothing listens there. Is the cluster up?\n");
    });

    it("does not wait for ever for an answer", async () => {
      const silent = createServer();
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const { port } = silent.address() as { port: number };
      useKubeconfig(folder, `https://127.0.0.1:${port}`);
      const client = await clusterClient("fake", { connect: 100, silence: 100 });
      await assert.rejects(manifestsBy(client), /no (connection|answer)/);
      silent.close();
    });

    it("says what is wrong with a kubeconfig that is not there", async () => {
      process.env.KUBECONFIG = join(folder, "none");
      const { code, err } = await runCli("map", "--context", "fake");
      assert.equal(code, UNAVAILABLE);
      assert.match(err, /^error: context "fake": the kubeconfig cannot be read \(ENOENT.*\)\.\n$/);
    });
  });

  it("knows every kind that graph/ reads", () => {
    const known = new Set(CLUSTER_KINDS.map(({ kind }) => kind));
    const read = sources(join(ROOT, "graph")).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/(?:\bobjects\(|\.kind === )"([A-Z]\w+)"/g)].map(([, kind = ""]) => kind),
    );
    // Of a Helm release only files speak; the ConfigMap is got by its name; a Hostname is a part of a Gateway's status.
    const others = new Set(["Release", "ConfigMap", "Hostname", "MeshConfig"]);
    assert.deepEqual(
      [...new Set(read)].filter((kind) => !known.has(kind) && !others.has(kind)),
      [],
    );
    assert.ok(read.length > 20);
  });

  it("asks for what the ClusterRole allows, and that allows nothing else", () => {
    const [role] = loadAll(readFileSync(join(ROOT, "docs/clusterrole.yaml"), "utf8")) as { rules: Rule[] }[];
    const lists = role?.rules.filter(({ resourceNames }) => resourceNames === undefined) ?? [];
    const allowed = lists.flatMap(({ apiGroups, resources, verbs }) =>
      resources.map((each) => `${verbs} ${each}.${apiGroups}`),
    );
    assert.deepEqual(allowed.sort(), CLUSTER_KINDS.map(({ group, resource }) => `list ${resource}.${group}`).sort());
    const named = role?.rules.filter(({ resourceNames }) => resourceNames !== undefined);
    assert.deepEqual(named, [
      { apiGroups: [""], resources: ["configmaps"], resourceNames: [MESH_CONFIG.name], verbs: ["get"] },
    ]);
  });
});

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));
}
