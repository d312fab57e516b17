import { outcomesOf } from "../explain/explain";
import type { Outcome, Workload } from "../explain/types";
import type { Mesh } from "../mesh/mesh";
import { once } from "../mesh/once";
import { Undecided } from "../mesh/unknown";
import type { Caller } from "./callers";
import { callOf, type Question } from "./entryCalls";

/** Identities of one namespace that are tried, of those that the gateway names. */
const MOST_IDENTITIES = 8;
const NOBODY: ReadonlySet<string> = new Set();
const IDENTITY = /(?:^|\/)ns\/([^/]+)\/sa\/([^/]+)$/;

/**
 * What may become of a caller's question, the worst first. Which service account its pods have is mostly not known here; so where a gateway
 * refuses an identity, those that the gateway names in the caller's namespace are tried: whether the chain is whole
 * shows only to a caller that is let in. `others` are service accounts that are known to be somebody else's.
 */
export function answerTo(
  mesh: Mesh,
  question: Question,
  caller: Pick<Caller, "workload">,
  others: ReadonlySet<string> = NOBODY,
): Outcome[] {
  const first = outcomesOf(mesh, callOf(question, caller.workload));
  const worst = first[0] as Outcome;
  if (!refusedForIdentity(worst)) return first;
  for (const serviceAccount of admitted(mesh, worst, caller.workload, others)) {
    const next = outcomesOf(mesh, callOf(question, { ...caller.workload, serviceAccount }));
    if (!refusedForIdentity(next[0] as Outcome)) return next;
  }
  return first;
}

/** Refused by the gateway on account of who calls: at its TLS, or by an AuthorizationPolicy. */
export function refusedForIdentity({ verdict, gateways, where, path }: Outcome): boolean {
  if (verdict !== "blocked" || gateways.length === 0) return false;
  const last = path.at(-1);
  return (
    where === "authorization" ||
    (where === "gateway-listener" && last !== undefined && /subjectAltNames does not name/.test(last.message))
  );
}

/** Service accounts of the caller's namespace that the Gateway's server or the policies of its namespace name. */
function admitted(
  mesh: Mesh,
  { path, gateways }: Outcome,
  { namespace }: Workload,
  others: ReadonlySet<string>,
): Set<string> {
  const found = new Set<string>();
  const object = path.at(-1)?.object ?? "";
  const key = object.slice(object.indexOf(" ") + 1);
  const names = mesh.gateways
    .named(key)
    ?.servers.find((server) => path.at(-1)?.field?.startsWith(server.field))?.subjectAltNames;
  for (const name of names ?? principals(mesh, gateways.at(-1)?.split("/")[0] ?? "")) {
    const [, owner, account] = IDENTITY.exec(name) ?? [];
    if (owner === namespace && account !== undefined && !others.has(account)) found.add(account);
    if (found.size >= MOST_IDENTITIES) break;
  }
  return found;
}

/** Every identity that a Gateway's server or an AuthorizationPolicy names, "namespace/account". */
export const namedIdentities = once((mesh: Mesh): ReadonlySet<string> => {
  const found = new Set<string>();
  const namespaces = new Set(mesh.objects("AuthorizationPolicy").map(({ namespace }) => namespace));
  for (const name of [
    ...serverNames(mesh),
    ...[...namespaces].flatMap((namespace) => [...principals(mesh, namespace)]),
  ]) {
    const [, namespace, account] = IDENTITY.exec(name) ?? [];
    if (namespace !== undefined) found.add(`${namespace}/${account}`);
  }
  return found;
});

function serverNames(mesh: Mesh): string[] {
  return [...mesh.gateways.all()].flatMap((gateway) => {
    try {
      return gateway.servers.flatMap(({ subjectAltNames }) => subjectAltNames);
    } catch (error) {
      if (error instanceof Undecided) return [];
      throw error;
    }
  });
}

function* principals(mesh: Mesh, namespace: string): Iterable<string> {
  for (const policy of [...mesh.policies(namespace), ...mesh.policies(mesh.config.rootNamespace)]) {
    try {
      for (const rule of policy.spec.at("rules").list())
        for (const from of rule.at("from").list()) yield* from.at("source").at("principals").texts();
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
    }
  }
}
