import { explain } from "../../../graph/explain/explain";
import type { Verdict } from "../../../graph/explain/types";
import type { Manifest } from "../../../graph/manifest";
import { eventually } from "../../support/eventually";
import { question, type RealCall } from "./calls";
import { difference, expectation, tell, tellOutcome } from "./compare";
import { attempted, isLogged, linesAbout, type Observed, observe } from "./observe";
import type { RealCase } from "./realCase";
import { type Made, round } from "./round";
import type { World } from "./world";

/** How a call of a case came out. */
export interface Result {
  call: RealCall;
  verdict: Verdict;
  made: Made[];
  /** What was seen each time. */
  seen: Observed[][];
  /** Undefined: the verdict holds. */
  difference?: string;
}

export interface CaseResult {
  title: string;
  objects: Manifest[];
  /** Objects that the API server or Istio's webhook refused. */
  refused: string[];
  results: Result[];
}

/** Milliseconds for which calls may still come out as before: connections of the gateways' old listeners live on. */
const SETTLE = 9_000;
/** Rounds in a row that must come out as foretold. */
const ROUNDS = 2;

/** Milliseconds until a log line of a call is there. */
const LOG_DELAY = 2_000;

let placed: Manifest[] = [];
let markers = 0;

/** Applies a case, waits until the proxies have it, and makes its calls until they come out as foretold or time is up. */
export async function runCase(world: World, { title, stages, calls, service }: RealCase): Promise<CaseResult> {
  await clear(world);
  await world.shapeServices(service);
  const refused = await place(world, stages);
  await settled(world);
  const objects = placed.slice(0, -1);
  const mesh = world.mesh(objects);
  const asked = world.translate(calls);
  const verdicts = asked.map((call) => explain(mesh, question(call, world.workload(mesh, call.from))));
  const deadline = Date.now() + SETTLE;
  let results: Result[] = [];
  for (let same = 0; same < ROUNDS && Date.now() < deadline; ) {
    const made = await round(world, asked);
    results = await Promise.all(
      asked.map((call, i) =>
        judge(
          world,
          objects,
          call,
          verdicts[i] as Verdict,
          made.filter(({ index }) => index === i),
        ),
      ),
    );
    same = results.every((result) => result.difference === undefined) ? same + 1 : 0;
  }
  return { title, objects, refused, results };
}

/** Removes what the last case has placed. */
export async function clear(world: World): Promise<void> {
  await Promise.all(placed.map((object) => world.cluster.remove(object)));
  placed = [];
}

async function place(world: World, stages: readonly Manifest[][]): Promise<string[]> {
  const refused: string[] = [];
  for (const [index, stage] of stages.entries()) {
    const after = Math.ceil((Date.now() + 1) / 1000) * 1000; // ages count in whole seconds
    if (index > 0) await eventually("the next second", () => Date.now() >= after);
    for (const object of world.translate(stage)) {
      try {
        placed.push(await world.cluster.create(object));
      } catch (error) {
        if (!/denied the request|is invalid/.test((error as Error).message)) throw error;
        refused.push(
          `${object.kind} ${object.metadata.namespace}/${object.metadata.name}: ${(error as Error).message}`,
        );
      }
    }
  }
  return refused;
}

/** A last object that the witness alone sees: once its proxy has it, istiod has taken in all that came before, and sent it out. */
async function settled(world: World): Promise<void> {
  const host = `m${++markers}.witness.example`;
  const spec = {
    hosts: [host],
    exportTo: ["."],
    resolution: "STATIC",
    endpoints: [{ address: "198.19.0.10" }],
    ports: [{ number: 80, name: "http", protocol: "HTTP" }],
  };
  const marker = {
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: { name: `m${markers}`, namespace: "witness" },
    spec,
  };
  placed.push(await world.cluster.create(marker));
  const look = `for i in $(seq 300); do curl -s localhost:15000/clusters | grep -q '${host}' && echo here && break; sleep 0.05; done`;
  const lines = await world.shells.get("witness")?.run(look);
  if (!lines?.includes("here")) throw new Error(`istiod has not sent ${host} to the witness within 15 s`);
}

async function judge(
  world: World,
  objects: Manifest[],
  call: RealCall,
  verdict: Verdict,
  made: Made[],
): Promise<Result> {
  const expected = expectation(verdict, objects, call.address);
  const seen = made.map((one) => observe(world, one));
  const found = difference(expected, seen);
  if (found === undefined) return { call, verdict, made, seen };
  await logged(world, made);
  const further = made.map((one, i) =>
    seen[i]?.some(({ kind }) => kind === "blocked") ? attempted(world, world.logs, one) : undefined,
  );
  if (further.every((one) => one === undefined)) return { call, verdict, made, seen, difference: found };
  const all = seen.map((list, i) =>
    further[i] ? [...list.filter(({ kind }) => kind !== "blocked"), further[i] as Observed] : list,
  );
  const left = difference(expected, all);
  return { call, verdict, made, seen: all, ...(left !== undefined && { difference: left }) };
}

/** Envoy writes its log up to a second late, and nothing of what it does not capture. */
async function logged(world: World, made: readonly Made[]): Promise<void> {
  const deadline = Date.now() + LOG_DELAY;
  const whole = () => made.every((one) => isLogged(world, world.logs, one));
  await eventually("the proxies' log", () => Date.now() > deadline || whole());
}

/** All about a difference, for people. */
export function report(world: World, { title, objects, refused, results }: CaseResult): string {
  const lines = [`${title}`, ...refused.map((text) => `  refused: ${text}`)];
  for (const { call, verdict, made, seen, difference: found } of results) {
    if (found === undefined) continue;
    lines.push(`  ${JSON.stringify(call)}: ${found}`);
    lines.push(`    verdict: ${verdict.outcomes.map(tellOutcome).join("; ")} (${verdict.reason})`);
    lines.push(`    seen:    ${[...new Set(seen.flat().map(tell))].join("; ")}`);
    for (const one of made.slice(-2)) lines.push(...linesAbout(world, world.logs, one).map((line) => `    ${line}`));
  }
  const shown = objects.map(
    ({ kind, metadata: { namespace, name, creationTimestamp }, spec }) =>
      `  ${kind} ${namespace}/${name} ${creationTimestamp} ${JSON.stringify(spec)}`,
  );
  return [...lines, ...shown].join("\n");
}
