import assert from "node:assert/strict";
import { explain } from "../../../graph/explain/explain";
import { buildMesh, type Mesh } from "../../../graph/mesh/mesh";
import { allManifests, readCases } from "../../oracle/cases";
import { tellExplain } from "../../oracle/compare";

/** The same cases are put to Istio's own control plane by tests/oracle/runCases.ts; both must say what the case expects. */
describe("cases of the oracle and of the lab", () => {
  for (const { file, oracleCase } of [...readCases("oracle"), ...readCases("reality")]) {
    describe(`${file}: ${oracleCase.title}`, () => {
      let mesh: Mesh;
      before(() => {
        const objects = allManifests(oracleCase).map((manifest) => ({ manifest }));
        mesh = buildMesh(objects, { meshConfig: oracleCase.meshConfig });
      });
      for (const { expect, ...call } of oracleCase.calls) {
        it(`${call.workload.labels?.app} ${call.protocol} ${call.host ?? call.address}:${call.port} is ${expect}`, () => {
          const workload = { ...call.workload, labels: call.workload.labels ?? {}, injected: true };
          const told = tellExplain(explain(mesh, { ...call, workload }));
          assert.equal(told, expect === "unsupported" ? "unknown" : expect);
        });
      }
    });
  }
});
