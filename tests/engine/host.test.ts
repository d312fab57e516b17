import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Engine, type EngineOptions, resourceChanges } from "../support/engine";
import { eventually } from "../support/eventually";

const fixture = (name: string) => join(__dirname, "fixtures", name);

describe("the language host under the real engine", function () {
  this.timeout(120_000);

  let engine: Engine;
  afterEach(() => engine.close());

  async function open(program: string, options: EngineOptions = {}): Promise<Engine> {
    engine = await Engine.open({ program: fixture(program), ...options });
    return engine;
  }

  /** Namespaces as the program "typed" makes them, in a folder of the test. */
  async function openTyped(...namespaces: string[]): Promise<Engine> {
    await open("typed");
    engine.writeConfig({
      "typed:folder": join(engine.folder, "manifests"),
      "typed:settings": { namespaces },
    });
    return engine;
  }

  /** An `up` that has made its namespace and goes on for ever. */
  async function startWaiting() {
    await open("waiting");
    const folder = join(engine.folder, "manifests");
    engine.writeConfig({ "waiting:folder": folder });
    return engine.startUp(() => existsSync(join(folder, "1-manifest")), "--skip-preview");
  }

  it("runs a TypeScript program with type annotations, object config and a provider", async () => {
    await openTyped("one", "two");
    const up = await engine.up();
    assert.equal(up.stderr, "");
    assert.equal(up.exitCode, 0, up.stdout);
    assert.deepEqual(resourceChanges(up), { create: 4 });
    assert.ok(existsSync(join(engine.folder, "manifests", "1-manifest", "v1-namespace-default-one.yaml")));
    const types = (await engine.exportState()).deployment.resources?.map(({ type }) => type);
    assert.equal(types?.filter((type) => type === "kubernetes:core/v1:Namespace").length, 2);
  });

  it("sees that nothing changed, then destroys all, without a word on stderr", async () => {
    await openTyped("one");
    await engine.up();
    const preview = await engine.preview("--expect-no-changes");
    assert.equal(preview.exitCode, 0, preview.stdout);
    assert.equal(preview.stderr, "");
    const destroy = await engine.destroy();
    assert.equal(destroy.exitCode, 0, destroy.stdout);
    assert.equal(destroy.stderr, "");
    assert.equal((await engine.exportState()).deployment.resources, undefined);
  });

  it("shows a program's refusal as it was written, without a stack trace", async () => {
    await open("broken");
    const preview = await engine.preview();
    assert.notEqual(preview.exitCode, 0);
    const shown = preview.stdout + preview.stderr;
    assert.match(shown, /broken:hosts: "exmaple\.\.com" is no DNS name\. Remove one dot\./);
    assert.doesNotMatch(shown, /\n\s+at .+:\d+|node_modules|unhandled/);
  });

  it("runs a policy pack: a mandatory violation fails the preview", async () => {
    await openTyped("allowed", "forbidden");
    const preview = await engine.preview("--policy-pack", fixture("pack"));
    assert.equal(preview.exitCode, 1, preview.stdout + preview.stderr);
    const violations = preview.events.flatMap(({ policyEvent }) => (policyEvent ? [policyEvent] : []));
    assert.deepEqual(
      violations.map(({ policyName, resourceUrn }) => [policyName, resourceUrn?.split("::").at(-1)]),
      [["no-forbidden", "forbidden"]],
    );
  });

  it("runs a policy pack without a violation", async () => {
    await openTyped("allowed");
    const preview = await engine.preview("--policy-pack", fixture("pack"));
    assert.equal(preview.exitCode, 0, preview.stdout);
    assert.equal(preview.stderr, "");
  });

  it("runs a policy pack over an exported state", async () => {
    await openTyped("allowed", "forbidden");
    await engine.up();
    const state = await engine.exportState();
    const refused = await engine.analyze(fixture("pack"), JSON.stringify(state));
    assert.equal(refused.exitCode, 1, refused.stdout);
    assert.match(refused.stdout, /forbidden is forbidden/);

    const allowed = state.deployment.resources?.filter(({ urn }) => !String(urn).endsWith("::forbidden"));
    const passed = await engine.analyze(
      fixture("pack"),
      JSON.stringify({ ...state, deployment: { ...state.deployment, resources: allowed } }),
    );
    assert.equal(passed.exitCode, 0, passed.stdout + passed.stderr);
  });

  it("runs a component plugin: its schema tells the component's input", async () => {
    await open("typed");
    const { exitCode, stdout, stderr } = await engine.run("package", "get-schema", fixture("component"));
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(Object.keys(JSON.parse(stdout).resources["pair:index:Pair"].inputProperties), ["title"]);
  });

  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    it(`leaves no process behind when the engine gets ${signal} amid an up`, async () => {
      const { process: up } = await startWaiting();
      const running = engine.processes().map(({ command }) => command);
      for (const program of ["pulumi-language-nodejs", "cmd/run", "pulumi-resource-kubernetes"]) {
        assert.ok(
          running.some((command) => command.includes(program)),
          `${program} is not among ${running}`,
        );
      }

      up.kill(signal);
      assert.notEqual((await up).exitCode, 0);
      await eventually("all processes have left", () => engine.processes().length === 0, 15);
    });
  }

  it("goes on after a kill -9 once the lock is cancelled", async () => {
    const { process: up } = await startWaiting();
    up.kill("SIGKILL");
    await up;
    assert.match((await engine.destroy()).stderr, /locked/);
    assert.equal((await engine.run("cancel", "--yes", "test")).exitCode, 0);
    assert.equal((await engine.destroy()).exitCode, 0);
  });
});
