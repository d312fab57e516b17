/** What a change makes reachable, and what it takes away: two meshes, asked the same questions. */
import type { Workload } from "../explain/types";
import type { Mesh } from "../mesh/mesh";
import { type Application, accountsOf, applicationsOf, unknownInputs } from "./applications";
import { classesOf } from "./classes";
import { type GuardChange, guardsLost } from "./guards";
import { externalTargets, type HostPort, seenTargets } from "./reach";
import { requestsTo, requestText } from "./requests";
import { ANYTHING_ELSE, type Way, wayOf } from "./way";

/** One host and port that some applications reach otherwise than before. */
export interface Change {
  /** "namespace/name"; "namespace/*" is any other pod of the namespace. Sorted. */
  applications: string[];
  /** Host "*": any host that neither side names. */
  target: HostPort;
  /** The requests that it is true for, where not for all: "GET /api/any". */
  requests?: string[];
  before: Way;
  after: Way;
}

export interface ReachDiff {
  newlyReachable: Change[];
  noLongerReachable: Change[];
  /** Reachable before and after, by another way. */
  pathChanged: Change[];
  guardsLost: GuardChange[];
  /** Not known on one side at least. */
  undecided: Change[];
  /** Inputs that may hold more hosts or guards than can be known: "Kind namespace/name: field". */
  unknownInputs: string[];
}

/** Asks both sides about every class of workloads of both × every host and port that either can see, and about hosts of nobody. */
export function diffReach(before: Mesh, after: Mesh): ReachDiff {
  const sides: [Side, Side] = [sideOf(before), sideOf(after)];
  const changes = pairs(sides).flatMap((pair) => changesOf(pair, sides));
  const guards = guardsLost(before, after, namespacesOf(sides));
  const of = (kind: Kind) => sorted(changes.filter((change) => kindOf(change) === kind));
  return {
    newlyReachable: of("newly"),
    noLongerReachable: of("no longer"),
    pathChanged: of("path"),
    guardsLost: guards.lost,
    undecided: of("undecided"),
    unknownInputs: [...new Set([...sides.flatMap(({ mesh }) => unknownInputs(mesh)), ...guards.undecided])],
  };
}

/** Left without a gateway where one stood before. */
export function bypasses({ before, after }: Change): boolean {
  return before.verdict !== "direct" && after.verdict === "direct";
}

interface Side {
  mesh: Mesh;
  applications: Map<string, Application>;
  targets: HostPort[];
}

function sideOf(mesh: Mesh): Side {
  const applications = new Map(applicationsOf(mesh).map((application) => [application.id, application]));
  return { mesh, applications, targets: externalTargets(mesh) };
}

/** Applications that neither side tells apart, as each side knows the first of them. */
interface Pair {
  ids: string[];
  workloads: [Workload, Workload];
}

function pairs(sides: [Side, Side]): Pair[] {
  const ids = [...new Set(sides.flatMap(({ applications }) => [...applications.keys()]))];
  const asked = ids.map((id) => ({ id, workloads: workloadsOf(id, sides) }));
  const keys = sides.map(({ mesh }, n) => classKeys(mesh, asked, n));
  const found = new Map<string, Pair>();
  for (const { id, workloads } of asked) {
    const key = keys.map((side) => side.get(id)).join(" ");
    const pair = found.get(key);
    if (pair) pair.ids.push(id);
    else found.set(key, { ids: [id], workloads });
  }
  return [...found.values()];
}

/** As each side knows it; a side that does not, or only by a Sidecar, takes the other's word. */
function workloadsOf(id: string, [before, after]: [Side, Side]): [Workload, Workload] {
  const [a, b] = [before.applications.get(id), after.applications.get(id)];
  const one = (own?: Application, other?: Application) =>
    (own?.known || !other?.known ? (own ?? other) : other) as Application;
  return [one(a, b).workload, one(b, a).workload];
}

/** The number of each application's class. */
function classKeys(mesh: Mesh, asked: { id: string; workloads: [Workload, Workload] }[], n: number) {
  const workloads = asked.map(({ id, workloads }) => ({ ...(workloads[n] as Workload), name: id }));
  const numbers = new Map<string, number>();
  classesOf(mesh, workloads).forEach(({ members, workload: { namespace } }, number) => {
    for (const member of members) numbers.set(member.slice(namespace.length + 1), number);
  });
  return numbers;
}

function changesOf({ ids, workloads }: Pair, sides: [Side, Side]): Change[] {
  const found = new Map<string, Change>();
  const meshes = sides.map(({ mesh }) => mesh);
  const others = sides.map(({ applications }, n) => {
    const anybody = ids[0]?.includes("/*");
    return anybody ? new Set<string>() : accountsOf([...applications.values()], (workloads[n] as Workload).namespace);
  });
  for (const target of targetsOf(workloads, sides)) {
    const requests = target.protocol === "http" ? requestsTo(meshes, target.host) : [PLAIN];
    const answers = requests.map((request) => ({ request, ways: waysOf(workloads, sides, target, request, others) }));
    for (const {
      request,
      ways: [before, after],
    } of answers) {
      if (before.key === after.key && before.state !== "unknown") continue;
      const key = JSON.stringify([target, before.key, after.key, before.state, after.state]);
      const change = found.get(key) ?? { applications: [...ids].sort(), target, before, after };
      if (requests.length > 1) change.requests = [...(change.requests ?? []), requestText(request)];
      found.set(key, change);
    }
    for (const change of found.values())
      if (change.target === target && change.requests?.length === requests.length) delete change.requests;
  }
  return [...found.values()];
}

const PLAIN = { method: "GET", path: "/" };

function waysOf(
  workloads: [Workload, Workload],
  sides: [Side, Side],
  target: HostPort,
  request: typeof PLAIN,
  others: Set<string>[],
): [Way, Way] {
  const ask = (n: 0 | 1) => wayOf(sides[n].mesh, { workload: workloads[n] }, target, request, others[n] as Set<string>);
  return [ask(0), ask(1)];
}

function targetsOf(workloads: [Workload, Workload], sides: [Side, Side]): HostPort[] {
  const seen = sides.flatMap(({ mesh, targets }, n) => {
    const workload = workloads[n] as Workload;
    const [cls] = classesOf(mesh, [workload]);
    return cls ? seenTargets(mesh, cls, targets, {}) : [];
  });
  const all = [...seen, ...ANYTHING_ELSE];
  return [...new Map(all.map((target) => [`${target.host} ${target.port} ${target.protocol}`, target])).values()];
}

type Kind = "newly" | "no longer" | "path" | "undecided";

function kindOf({ before, after }: Change): Kind {
  if (before.state === "unknown" || after.state === "unknown") return "undecided";
  if (before.state === "reached") return after.state === "reached" ? "path" : "no longer";
  return "newly";
}

function sorted(changes: Change[]): Change[] {
  const key = ({ applications, target }: Change) =>
    [applications.join(), target.host, String(target.port).padStart(5, "0"), target.protocol].join(" ");
  return changes
    .map((change) => [key(change), change] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, c]) => c);
}

function namespacesOf(sides: readonly Side[]): string[] {
  const all = sides.flatMap(({ applications }) => [...applications.values()].map(({ workload }) => workload.namespace));
  return [...new Set(all)].sort();
}
