import assert from "node:assert/strict";
import { execa } from "execa";
import { ROOT } from "../support/demo";
import { allManifests, readCases } from "./cases";
import { tellOracle } from "./compare";
import { Oracle } from "./oracle";

const MESHES = 80;
const CONFIGURATIONS = 60;
const SEED = 20261124;

/** Istio's own computation of the proxies' configuration (README.md beside this file), held against the cases and `explain`. */
describe("oracle: Istio's own computation", function () {
  this.timeout(1_200_000);
  let oracle: Oracle;
  before(async () => {
    oracle = await Oracle.start();
  });
  after(() => oracle.close());

  for (const { file, oracleCase } of readCases()) {
    it(`says the same of ${file}: ${oracleCase.title}`, async () => {
      const { calls, meshConfig } = oracleCase;
      const answer = await oracle.ask({ manifests: allManifests(oracleCase), meshConfig, calls });
      assert.equal(answer.error, undefined);
      assert.deepEqual(
        (answer.calls ?? []).map(tellOracle),
        calls.map(({ expect }) => expect),
      );
    });
  }

  it(`leads every call of ${CONFIGURATIONS} random configurations of this component as they say`, async () => {
    const args = ["--runs", String(CONFIGURATIONS), "--seed", String(SEED)];
    const command = ["-r", "ts-node/register/transpile-only", "tests/oracle/component.ts", ...args];
    const { exitCode, all } = await execa(process.execPath, command, { cwd: ROOT, reject: false, all: true });
    assert.equal(exitCode, 0, all);
  });

  it(`says the same of ${MESHES} random meshes, for every kind of call`, async () => {
    const args = ["--runs", String(MESHES), "--seed", String(SEED), "--depth", "kind", "--shrink", "1"];
    const command = ["-r", "ts-node/register/transpile-only", "tests/oracle/differ.ts", ...args];
    const { exitCode, all } = await execa(process.execPath, command, { cwd: ROOT, reject: false, all: true });
    assert.equal(exitCode, 0, all);
  });
});
