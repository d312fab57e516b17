/**
 * Stage "filter-chain": which chain of the listener takes the connection. Envoy's sieve: destination range, server name, transport,
 * application protocol; at each step only the best stay, and there is no way back.
 * Envoy docs `FilterChainMatch`; `pilot/pkg/simulation/traffic.go: matchFilterChain`; Istio API `Sidecar.outboundTrafficPolicy`.
 */
import { prefixMatch } from "../mesh/addresses";
import { subsetOf } from "../mesh/hosts";
import { type Chain, sniOf } from "./chains";
import type { Listener } from "./listener";
import type { Walk } from "./walk";

/** The chain, or undefined for the default one (black hole or passthrough). */
export function filterChain(walk: Walk, listener: Listener, address: string | undefined): Chain | undefined {
  const matchAll = listener.chains.filter(isMatchAll);
  const sieved = sieve(
    walk,
    listener.chains.filter((chain) => !isMatchAll(chain)),
    address,
  );
  if (sieved.length > 1) throw overlap(walk, sieved);
  const chosen = sieved[0] ?? matchAll[0];
  say(walk, chosen);
  return chosen;
}

function isMatchAll(chain: Chain): boolean {
  const anyName = chain.sni.length === 0 || chain.sni.includes("*");
  return anyName && chain.cidrs.length === 0 && (chain.kind === "l4" || chain.anyBytes === true);
}

function sieve(walk: Walk, chains: Chain[], address: string | undefined): Chain[] {
  const inRange = best(
    chains,
    (chain) => chain.cidrs.length > 0,
    (chain) => rangeRank(chain, address),
  );
  const named = best(
    inRange,
    (chain) => chain.sni.length > 0 && !chain.sni.includes("*"),
    (chain) => nameRank(chain, sniOf(walk)),
  );
  return best(
    named,
    (chain) => chain.kind === "http",
    (chain) => (looksLikeHttp(walk) && chain.kind === "http" ? 1 : 0),
  );
}

/** The best ranked chains with the condition; if none fits, those without it. */
function best(chains: Chain[], conditioned: (chain: Chain) => boolean, rank: (chain: Chain) => number): Chain[] {
  const ranks = chains.map((chain) => (conditioned(chain) ? rank(chain) : 0));
  const top = Math.max(0, ...ranks);
  if (top > 0) return chains.filter((_, i) => ranks[i] === top);
  return chains.filter((chain) => !conditioned(chain));
}

function rangeRank(chain: Chain, address: string | undefined): number {
  if (address === undefined) return 0;
  return Math.max(0, ...chain.cidrs.map((range) => (prefixMatch(address, range) ?? -1) + 1));
}

function nameRank(chain: Chain, sni: string): number {
  if (sni === "") return 0;
  return Math.max(0, ...chain.sni.map((name) => nameFit(name.toLowerCase(), sni)));
}

function nameFit(name: string, sni: string): number {
  if (name === sni) return Number.MAX_SAFE_INTEGER;
  return subsetOf(sni, name) ? name.length : 0;
}

/** HTTP/1.0 is not taken for HTTP (PILOT_HTTP10 is off). */
export function looksLikeHttp(walk: Walk): boolean {
  return walk.call.protocol === "http" && walk.call.httpVersion !== "1.0";
}

/** Two chains that take the same connection: Envoy refuses the whole listener (`FilterChainMatch` must be unique). */
function overlap(walk: Walk, chains: Chain[]): Error {
  const names = chains.map((chain) => chain.rule?.route.object.id ?? chain.scoped.service.object.id);
  const object = (chains[1] as Chain).rule?.route.object ?? (chains[1] as Chain).scoped.service.object;
  return walk.refused(
    "filter-chain",
    object,
    `Envoy refuses a listener in which ${[...new Set(names)].join(" and ")} take the same server name`,
  );
}

function say(walk: Walk, chain: Chain | undefined): void {
  if (!chain) walk.hop("filter-chain", `${noChain(walk)}: the default chain takes it`);
  else if (chain.kind === "http") walk.hop("filter-chain", "plaintext HTTP: routed by Host");
  else if (chain.rule)
    walk.hop(
      "filter-chain",
      `${takes(chain)} by a rule of the VirtualService`,
      chain.rule.route.object,
      chain.rule.field,
    );
  else
    walk.hop(
      "filter-chain",
      `${takes(chain)} by the service's own port ${chain.port.number}`,
      chain.scoped.service.object,
      "spec.ports",
    );
}

function noChain(walk: Walk): string {
  const { call } = walk;
  if (call.protocol !== "tls")
    return `no chain of port ${call.port} takes ${call.protocol === "http" ? "plaintext HTTP" : "these bytes"}`;
  const sni = sniOf(walk);
  return sni === ""
    ? `no chain of port ${call.port} takes TLS without SNI`
    : `no chain of port ${call.port} accepts SNI ${sni}`;
}

function takes(chain: Chain): string {
  const conditions = [
    ...(chain.sni.length > 0 ? [`SNI ${chain.sni.join(", ")}`] : []),
    ...(chain.cidrs.length > 0 ? [`addresses ${chain.cidrs.join(", ")}`] : []),
  ];
  return conditions.length > 0 ? `${conditions.join(" and ")} taken` : "every connection taken";
}
