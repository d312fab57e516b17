import assert from "node:assert/strict";
import fc from "fast-check";
import { type EgressConfig, flows, type Intent, manifests, withDefaults } from "../../../graph";
import { explain } from "../../../graph/explain/explain";
import type { Call, Verdict } from "../../../graph/explain/types";
import { buildMesh, type Mesh } from "../../../graph/mesh/mesh";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { beyondLimits, withinLimits } from "./requests";

/** Each intent asks every application, and two pods that are none, for every host and port: some hundred questions. */
const RUNS = { seed: 5, numRuns: 100 };
const STRANGER_HOST = "not-in-any-destination.example";

function meshOf(intent: Intent): Mesh {
  return buildMesh(manifests(intent).map((manifest) => ({ manifest })));
}

interface Question {
  title: string;
  call: Call;
  /** `namespace/service` of the gateway that must carry it; undefined is a call that must be blocked. */
  gateway: string | undefined;
}

/** Every caller to every host and port, with what the intent says of it. */
function questions(intent: Intent): Question[] {
  const allowed = new Map(flows(intent).map((flow) => [`${flow.application} ${flow.host}:${flow.port}`, flow]));
  const targets = [
    ...intent.destinations.flatMap(({ hosts, ports }) =>
      hosts.flatMap(({ name: host }) => ports.map((port) => ({ host, ...port }))),
    ),
    { host: STRANGER_HOST, number: 80, protocol: "HTTP" },
    { host: STRANGER_HOST, number: 443, protocol: "TLS" },
  ];
  return callers(intent).flatMap(({ name, workload }) =>
    targets.flatMap(({ host, number, protocol }) => {
      const title = `${name} to ${host}:${number}`;
      const flow = allowed.get(`${name} ${host}:${number}`);
      const call = {
        workload,
        host,
        port: number,
        protocol: protocol === "HTTP" ? ("http" as const) : ("tls" as const),
      };
      const beyond = flow ? beyondLimits(flow) : [];
      return [
        { title, call: { ...call, ...(flow && withinLimits(flow)) }, gateway: flow?.gateway },
        ...beyond.map((request) => ({
          title: `${title} ${JSON.stringify(request)}`,
          call: { ...call, ...request },
          gateway: undefined,
        })),
      ];
    }),
  );
}

function callers(intent: Intent): { name: string; workload: Call["workload"] }[] {
  const applications = intent.applications.map(({ namespace, name, selector, serviceAccount }) => ({
    name: `${namespace}/${name}`,
    workload: { namespace, labels: selector, serviceAccount, injected: true },
  }));
  const [first] = intent.applications;
  const strangers = intent.applicationNamespaces.map((namespace) => ({
    name: `${namespace}/stranger`,
    workload: { namespace, labels: { app: "stranger" }, serviceAccount: "default", injected: true },
  }));
  // The labels and account name of an application, in a namespace of nobody.
  const impostor = {
    name: "elsewhere/impostor",
    workload: {
      namespace: "elsewhere",
      labels: first?.selector ?? {},
      serviceAccount: first?.serviceAccount ?? "x",
      injected: true,
    },
  };
  return [...applications, ...strangers, impostor];
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
        for (const { title, call, gateway } of questions(intent)) {
          const verdict = explain(mesh, call);
          if (gateway === undefined) assert.equal(verdict.verdict, "blocked", `${title}: ${say(verdict)}`);
          else
            assert.deepEqual(
              [verdict.verdict, verdict.gateway, verdict.destination, verdict.outcomes.length],
              ["gateway", gateway, `${call.host}:${call.port}`, 1],
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
