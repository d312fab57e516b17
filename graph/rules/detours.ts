import { isWildcard, subsetOf } from "../mesh/hosts";
import type { Mesh } from "../mesh/mesh";
import type { Port } from "../mesh/protocol";
import type { Service } from "../mesh/service";
import { type Caller, callersOf } from "./callers";
import { callsTo, type Question } from "./entryCalls";
import type { RuleContext } from "./rule";

export interface Detour {
  caller: Caller;
  question: Question;
}

/**
 * Calls under another name that a route of the mesh sends to a ServiceEntry's host: a route brings the hosts that it
 * sends to, so its callers reach them without importing the ServiceEntry (Istio `model/sidecar.go:
 * collectImportedServices`).
 */
export function detoursTo(context: RuleContext, service: Service, port: Port): Detour[] {
  const routes = context.mesh.routes.sendingTo(service.host);
  if (routes.length === 0) return [];
  return routes.flatMap(({ namespace, exports, hosts }) =>
    hosts
      .filter((host) => !subsetOf(host, service.host))
      .flatMap((host) => {
        const callers = callersOf(context, { host, namespace, exports });
        const questions = portsOf(context.mesh, host, port).flatMap((each) =>
          callsTo(context.mesh, host, [], each).map((question) => ({
            ...question,
            host: named(question.host ?? host),
          })),
        );
        return callers.flatMap((caller) => questions.map((question) => ({ caller, question })));
      }),
  );
}

/** The ports that somebody who knows the name would dial: its own, else the destination's. */
function portsOf(mesh: Mesh, host: string, fallback: Port): Port[] {
  const own = mesh.services.byHost.at(host).flatMap((service) => service.ports);
  return own.length === 0 ? [fallback] : own;
}

function named(host: string): string {
  return isWildcard(host) ? `any-host.${host.replace(/^\*\.?/, "") || "example.com"}` : host;
}
