import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type EgressConfig,
  flows,
  type HostIntent,
  type Intent,
  manifests,
  PortProtocol,
  withDefaults,
} from "../../../graph";
import { explain } from "../../../graph/explain/explain";
import type { Call, Verdict } from "../../../graph/explain/types";
import { buildMesh, type Mesh } from "../../../graph/mesh/mesh";
import { arbitraryConfig } from "../../support/arbitraryConfig";
import { callTo } from "../../support/callOf";

/** Each intent asks every application, and two pods that are none, for every host and port: some hundred questions. */
const RUNS = { seed: 5, numRuns: 100 };
const STRANGER_HOST = "not-in-any-destination.example";
const STRANGER_ADDRESS = "203.0.113.9";

function meshOf(intent: Intent): Mesh {
  return buildMesh(manifests(intent).map((manifest) => ({ manifest })));
}

interface Question {
  title: string;
  call: Call;
  /** `namespace/service` of the gateway that must carry it; undefined is a call that must be blocked. */
  gateway: string | undefined;
  /** Where it must arrive then, `host:port` of the intent. */
  destination: string | undefined;
}

/** Every caller to every host and port, and to what stands beside them, with what the intent says of it. */
function questions(intent: Intent): Question[] {
  const allowed = new Map(flows(intent).map((flow) => [`${flow.application} ${flow.host}:${flow.port}`, flow.gateway]));
  const targets: Target[] = intent.destinations.flatMap(({ hosts, ports }) =>
    hosts.flatMap((host) =>
      ports.flatMap((port): Target[] => {
        const call = callTo(host, port);
        const at = `${host.name}:${port.number}`;
        const known = { title: at, call, at };
        return port.protocol === PortProtocol.TCP
          ? [known, ...byAddress(host, call, at), ...besides(host, call)]
          : [known];
      }),
    ),
  );
  return callers(intent).flatMap(({ name, workload }) =>
    [...targets, ...STRANGERS].map(({ title, call, at }) => ({
      title: `${name} to ${title}`,
      call: { workload, ...call },
      gateway: allowed.get(`${name} ${at}`),
      destination: at,
    })),
  );
}

interface Target {
  title: string;
  call: Omit<Call, "workload">;
  /** `host:port` of the intent; undefined is no destination's. */
  at: string | undefined;
}

const STRANGERS: Target[] = [
  { title: "a strange host, HTTP", call: { host: STRANGER_HOST, port: 80, protocol: "http" }, at: undefined },
  { title: "a strange host, TLS", call: { host: STRANGER_HOST, port: 443, protocol: "tls" }, at: undefined },
  { title: "a strange address", call: { address: STRANGER_ADDRESS, port: 5432, protocol: "tcp" }, at: undefined },
];

/** Each of the host's addresses, dialled without its name. */
function byAddress({ addresses }: HostIntent, call: Target["call"], at: string): Target[] {
  return addresses.map((address) => ({
    title: `${at} at ${address}`,
    call: { ...call, host: undefined, address },
    at,
  }));
}

/** The neighbours of a range, another port of its address, and an address of nobody under a known name. */
function besides({ name, addresses, endpoint }: HostIntent, call: Target["call"]): Target[] {
  const own = [
    { ...call, host: name, address: STRANGER_ADDRESS },
    ...addresses.slice(0, 1).map((address) => ({ ...call, host: undefined, address, port: call.port + 1 })),
    ...(endpoint === undefined ? [] : [{ ...call, host: undefined, address: neighbour(endpoint) }]),
  ];
  return own.map((each) => ({ title: `${each.address}:${each.port} beside ${name}`, call: each, at: undefined }));
}

/** The generator's ranges end below this. */
function neighbour(address: string): string {
  return address.replace(/(64|65)$/, "66").replace(/::1?$/, "::2");
}

/** `host:port` outside: where the gateway originates TLS, the port is another than the one that was called. */
function outsideOf(intent: Intent, at: string | undefined, number: number): string {
  const host = at?.slice(0, at.lastIndexOf(":"));
  const of = intent.destinations.find(({ hosts }) => hosts.some(({ name }) => name === host));
  return `${host}:${of?.ports.find((port) => port.number === number)?.originateTls?.port ?? number}`;
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
        for (const { title, call, gateway, destination } of questions(intent)) {
          const verdict = explain(mesh, call);
          if (gateway === undefined) assert.equal(verdict.verdict, "blocked", `${title}: ${say(verdict)}`);
          else
            assert.deepEqual(
              [verdict.verdict, verdict.gateway, verdict.destination, verdict.outcomes.length],
              ["gateway", gateway, outsideOf(intent, destination, call.port), 1],
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
