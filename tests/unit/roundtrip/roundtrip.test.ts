import assert from "node:assert/strict";
import fc from "fast-check";
import { type EgressConfig, type Intent, manifests, withDefaults } from "../../../graph";
import { explain } from "../../../graph/explain/explain";
import type { Verdict } from "../../../graph/explain/types";
import { buildMesh, type Mesh } from "../../../graph/mesh/mesh";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { questions } from "../../support/questions";

/** Each intent asks every application, and two pods that are none, for every host and port: some hundred questions. */
const RUNS = { seed: 5, numRuns: 100 };

function meshOf(intent: Intent): Mesh {
  return buildMesh(manifests(intent).map((manifest) => ({ manifest })));
}

function say(verdict: Verdict): string {
  return `${verdict.verdict} ${verdict.gateway ?? ""} ${verdict.destination ?? ""}: ${verdict.reason}\n${verdict.path.map(({ stage, message }) => `  ${stage}: ${message}`).join("\n")}`;
}

describe("graph: forwards, then backwards", function () {
  this.timeout(60_000);
  it("gives exactly the intent again: who may reach what, by which gateway, and nobody else anything", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config: EgressConfig) => {
        const intent = withDefaults(config);
        const mesh = meshOf(intent);
        for (const { title, call, gateway, destination, address, tls } of questions(intent)) {
          const verdict = explain(mesh, call);
          if (gateway === undefined) assert.equal(verdict.verdict, "blocked", `${title}: ${say(verdict)}`);
          else
            assert.deepEqual(
              [
                verdict.verdict,
                verdict.gateway,
                verdict.destination,
                verdict.address,
                verdict.tls,
                verdict.outcomes.length,
              ],
              ["gateway", gateway, destination, address, tls, 1],
              `${title}: ${say(verdict)}`,
            );
        }
      }),
      RUNS,
    );
  });

  it("blocks every call of an application that loses its allowance, and no other's", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config: EgressConfig) => {
        const [loser, ...rest] = config.applications;
        if (loser === undefined) return;
        const after = withDefaults({ ...config, applications: rest });
        const mesh = meshOf(after);
        for (const { title, call } of questions(withDefaults(config)).filter(({ title }) =>
          title.startsWith(`${loser.namespace}/${loser.name} `),
        )) {
          const verdict = explain(mesh, call);
          assert.equal(verdict.verdict, "blocked", `${title}: ${say(verdict)}`);
        }
      }),
      RUNS,
    );
  });
});
