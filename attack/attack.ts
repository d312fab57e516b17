import type { Kubectl } from "../demo/kubectl";
import { type Attackers, findAttackers } from "./attackers";
import { type Attempt, type Move, reachedAllowed, reachedForbidden, type Through } from "./attempt";
import { directAttempts } from "./attempts/direct";
import { dnsAttempts } from "./attempts/dns";
import { gatewayAttempts } from "./attempts/gateways";
import { httpAttempts } from "./attempts/http";
import { pathAttempts } from "./attempts/paths";
import { podAttempts } from "./attempts/pods";
import { tlsAttempts } from "./attempts/tls";
import { carryOut, type Field, type Outcome } from "./carryOut";
import type { Ground } from "./ground";
import { type ProxyLine, proxyLog } from "./logs";
import { gatherLoot } from "./loot";

/** An attempt and what came of it. */
export interface Attacked {
  attempt: Attempt;
  /** It got through. */
  through: boolean;
  /** Its twin worked. */
  twinWorked: boolean;
  output: string;
  twinOutput: string;
  /** The line of log, or the answer, that shows the layer that stopped it; undefined where nothing shows. */
  evidence: string | undefined;
}

/** Every attempt against a layout that is up, one after the other, with progress. */
export async function attack(
  kubectl: Kubectl,
  ground: Ground,
  progress: (done: number, all: number) => void,
): Promise<Attacked[]> {
  const attackers = await findAttackers(kubectl, ground);
  const loot = await gatherLoot(kubectl, ground, attackers);
  const gateways = (
    await kubectl(["get", "pods", "-n", ground.gatewayNamespace, "-o", "jsonpath={.items[*].status.podIP}"])
  ).split(" ");
  const field: Field = { kubectl, ground, attackers };
  const since = new Date();
  try {
    const attempts = [
      ...directAttempts(ground),
      ...dnsAttempts(ground),
      ...httpAttempts(ground),
      ...tlsAttempts(ground),
      ...pathAttempts(ground, loot),
      ...gatewayAttempts(ground, loot),
      ...podAttempts(ground),
    ];
    const twins = new Map<string, Judged>();
    const done: { attempt: Attempt; moved: Judged; twin: Judged }[] = [];
    for (const attempt of attempts) {
      const twin = await twinOnce(twins, attempt, (move, rule) => judged(field, gateways, move, rule));
      const moved = await judged(field, gateways, attempt.move, attempt.through ?? reachedForbidden);
      done.push({ attempt, moved, twin });
      progress(done.length, attempts.length);
    }
    const logs = await gatherLogs(kubectl, ground, attackers, since);
    return done.map(({ attempt, moved, twin }) => ({
      attempt,
      through: moved.yes,
      twinWorked: twin.yes,
      output: moved.outcome.output,
      twinOutput: twin.outcome.output,
      evidence: moved.yes ? undefined : evidenceOf(attempt, moved.outcome, logs),
    }));
  } finally {
    loot.drop();
  }
}

interface Judged {
  outcome: Outcome;
  yes: boolean;
}

async function judged(field: Field, gateways: readonly string[], move: Move, rule: Through): Promise<Judged> {
  const outcome = await carryOut(field, move);
  const { output, events } = outcome;
  return { outcome, yes: !outcome.refused && rule({ output, events, gateways, ground: field.ground }) };
}

/** Attempts share twins: the same move by the same measure is made once. */
async function twinOnce(
  known: Map<string, Judged>,
  { twin, worked = reachedAllowed }: Attempt,
  judge: (move: Move, rule: Through) => Promise<Judged>,
): Promise<Judged> {
  const key = JSON.stringify(twin);
  const made = known.get(key) ?? (await judge(twin, worked));
  known.set(key, made);
  return made;
}

type Logs = Record<"sidecar" | "gateway", ProxyLine[]>;

async function gatherLogs(kubectl: Kubectl, ground: Ground, attackers: Attackers, since: Date): Promise<Logs> {
  const callers = [attackers.application, attackers.stranger, attackers.elsewhere];
  const sidecar = await Promise.all(callers.map(({ namespace, name }) => proxyLog(kubectl, namespace, name, since)));
  const names = (await kubectl(["get", "pods", "-n", ground.gatewayNamespace, "-o", "name"]))
    .split("\n")
    .filter(Boolean);
  const gateway = await Promise.all(names.map((name) => proxyLog(kubectl, ground.gatewayNamespace, name, since)));
  return { sidecar: sidecar.flat(), gateway: gateway.flat() };
}

function evidenceOf(
  { stoppedBy, sign = /./, shows }: Attempt,
  { output, refused, from, to }: Outcome,
  logs: Logs,
): string | undefined {
  if (stoppedBy === "sidecar" || stoppedBy === "gateway" || stoppedBy === "fixed destination") {
    const lines = stoppedBy === "sidecar" ? logs.sidecar : logs.gateway;
    const line = lines.find(({ time, text }) => time >= from && time <= to && sign.test(text))?.text;
    return line ?? shows?.exec(output)?.[0];
  }
  if (stoppedBy === "network policy")
    return /curl (7|28)\b|refused|timed out|nothing came|unreachable/i.exec(output)?.[0];
  return refused && /ValidatingAdmissionPolicy/.test(output) ? output : undefined;
}
