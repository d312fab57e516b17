/**
 * Rules of an AuthorizationPolicy against one connection or request.
 * Istio API `Rule`, `Source`, `Operation`, `Condition`; `pilot/pkg/security/authz/model/{model,generator}.go`, `authz/matcher`.
 */
import { isLoopback, normalAddress, prefixMatch } from "../mesh/addresses";
import { once } from "../mesh/once";
import { Undecided } from "../mesh/unknown";
import type { Value } from "../mesh/value";

export interface Facts {
  /** An HTTP server: requests; else connections, which have no Host, path or method. */
  http: boolean;
  /** "trust domain/ns/…/sa/…" of the client certificate; undefined: none. */
  identity?: string;
  /** Trust domains that stand for the mesh's own. */
  trustDomains: string[];
  /** The whole Host header. */
  host: string;
  path: string;
  method: string;
  headers: Record<string, string>;
  sni: string;
  /** Port of the gateway's pod that the connection reached. */
  port: number;
  /** Address of the direct peer; undefined: not known. */
  sourceIp?: string;
  /** Namespace of the policy's object is read from the rule. */
}

/** Tri-state: HTTP-only fields mean nothing on connections, see `ruleAllows` and `ruleDenies`. */
type Field = (facts: Facts, values: Value[]) => boolean;

interface Spec {
  test: Field;
  httpOnly: boolean;
}

const SOURCE: Record<string, Spec> = {
  principals: {
    httpOnly: false,
    test: (f, v) => f.identity !== undefined && v.some((p) => principalFits(f, p.text())),
  },
  namespaces: {
    httpOnly: false,
    test: (f, v) => f.identity !== undefined && v.some((n) => glob(n.text(), part(f, "ns"))),
  },
  serviceAccounts: { httpOnly: false, test: (f, v) => f.identity !== undefined && v.some((a) => accountFits(f, a)) },
  trustDomains: {
    httpOnly: false,
    test: (f, v) => f.identity !== undefined && v.some((d) => f.trustDomains.some((t) => glob(d.text(), t))),
  },
  ipBlocks: {
    httpOnly: false,
    test: fromBlocks,
  },
  remoteIpBlocks: {
    httpOnly: false,
    test: fromBlocks,
  },
  requestPrincipals: { httpOnly: true, test: () => false },
};

const OPERATION: Record<string, Spec> = {
  hosts: { httpOnly: true, test: (f, v) => v.some((h) => glob(h.text().toLowerCase(), f.host.toLowerCase())) },
  ports: { httpOnly: false, test: (f, v) => v.some((p) => p.text() === String(f.port)) },
  methods: { httpOnly: true, test: (f, v) => v.some((m) => glob(m.text(), f.method)) },
  paths: { httpOnly: true, test: (f, v) => v.some((p) => pathFits(p.text(), f.path)) },
};

const KEYS: Record<string, Spec> = {
  "source.principal": SOURCE.principals as Spec,
  "source.namespace": SOURCE.namespaces as Spec,
  "source.serviceAccount": SOURCE.serviceAccounts as Spec,
  "source.ip": SOURCE.ipBlocks as Spec,
  "remote.ip": SOURCE.remoteIpBlocks as Spec,
  "destination.port": OPERATION.ports as Spec,
  "connection.sni": { httpOnly: false, test: (f, v) => v.some((s) => glob(s.text(), f.sni)) },
};

function fromBlocks({ sourceIp }: Facts, blocks: Value[]): boolean {
  // Whatever its address, a caller from elsewhere has none of the gateway's own loopback.
  if (sourceIp === undefined && blocks.every((block) => isLoopback(normalAddress(block.text()) ?? ""))) return false;
  if (sourceIp === undefined) throw new Undecided("the caller's pod", "status.podIP");
  return blocks.some((block) => prefixMatch(sourceIp, block.text()) !== undefined);
}

/** Fields that a comparison leaves out. */
type LeftOut = (spec: Spec) => boolean;
const nothing: LeftOut = () => false;
const methodsAndPaths: LeftOut = (spec) => spec === OPERATION.methods || spec === OPERATION.paths;
const httpOnly: LeftOut = (spec) => spec.httpOnly;

/** On a connection an HTTP-only field drops the whole rule: it allows nothing. */
export function ruleAllows(rule: Value, facts: Facts): boolean {
  return allows(rule, facts, nothing);
}

/** Whether the rule would allow the request, were it not for its methods and paths. */
export function ruleAllowsOtherRequests(rule: Value, facts: Facts): boolean {
  return facts.http && allows(rule, facts, methodsAndPaths);
}

function allows(rule: Value, facts: Facts, left: LeftOut): boolean {
  const specs = fieldsOf(rule);
  if (specs === undefined) return false;
  if (!facts.http && specs.some((spec) => spec.httpOnly)) return false;
  return ruleMatches(rule, facts, left);
}

/** On a connection an HTTP-only field alone is dropped, so the rule denies more. */
export function ruleDenies(rule: Value, facts: Facts): boolean {
  return fieldsOf(rule) !== undefined && ruleMatches(rule, facts, facts.http ? nothing : httpOnly);
}

/** Undefined: a condition with a key that Istio does not know spoils the rule. */
const fieldsOf = once((rule: Value): Spec[] | undefined => {
  const found: Spec[] = [];
  for (const entry of rule.at("from").list()) found.push(...specsIn(entry.at("source"), SOURCE));
  for (const entry of rule.at("to").list()) found.push(...specsIn(entry.at("operation"), OPERATION));
  for (const condition of rule.at("when").list()) {
    const spec = keySpec(condition.at("key").text());
    if (!spec) return undefined;
    found.push(spec);
  }
  return found;
});

function specsIn(value: Value, specs: Record<string, Spec>): Spec[] {
  return value
    .entries()
    .filter(([, v]) => v.list().length > 0)
    .map(([name]) => specs[bare(name)])
    .filter((spec) => spec !== undefined);
}

/** "notHosts" → "hosts". */
function bare(name: string): string {
  return /^not[A-Z]/.test(name) ? name.charAt(3).toLowerCase() + name.slice(4) : name;
}

function keySpec(key: string): Spec | undefined {
  if (KEYS[key]) return KEYS[key];
  const header = /^request\.headers\[(.+)\]$/.exec(key)?.[1]?.toLowerCase();
  if (header !== undefined)
    return {
      httpOnly: true,
      test: (f, v) => v.some((value) => f.headers[header] !== undefined && glob(value.text(), f.headers[header])),
    };
  if (/^request\.auth\./.test(key)) return { httpOnly: true, test: () => false };
  return key === "destination.ip" ? { httpOnly: false, test: () => false } : undefined;
}

/** from, to and when ANDed; entries of from and to ORed; fields of an entry ANDed; values ORed, negated ones together. */
function ruleMatches(rule: Value, facts: Facts, left: LeftOut): boolean {
  const from = rule.at("from").list();
  const to = rule.at("to").list();
  const entry = (value: Value, specs: Record<string, Spec>): boolean => entryMatches(value, specs, facts, left);
  return (
    (from.length === 0 || from.some((f) => entry(f.at("source"), SOURCE))) &&
    (to.length === 0 || to.some((t) => entry(t.at("operation"), OPERATION))) &&
    rule
      .at("when")
      .list()
      .every((condition) => conditionMatches(condition, facts, left))
  );
}

function entryMatches(value: Value, specs: Record<string, Spec>, facts: Facts, left: LeftOut): boolean {
  return value.entries().every(([name, values]) => {
    const spec = specs[bare(name)];
    const list = values.list();
    if (!spec || list.length === 0 || left(spec)) return true;
    return spec.test(facts, list) === (bare(name) === name);
  });
}

function conditionMatches(condition: Value, facts: Facts, left: LeftOut): boolean {
  const spec = keySpec(condition.at("key").text());
  if (!spec || left(spec)) return true;
  const values = condition.at("values").list();
  const not = condition.at("notValues").list();
  return (values.length === 0 || spec.test(facts, values)) && (not.length === 0 || !spec.test(facts, not));
}

/** Exact, `x*`, `*x`; `*` is anything that is there. */
function glob(pattern: string, value: string): boolean {
  if (pattern === "*") return value !== "";
  if (pattern.startsWith("*")) return value.endsWith(pattern.slice(1));
  return pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}

/** `cluster.local` stands for the mesh's trust domain and its aliases. */
function principalFits(facts: Facts, pattern: string): boolean {
  const identity = facts.identity ?? "";
  if (glob(pattern, identity)) return true;
  const rest = identity.slice(identity.indexOf("/"));
  return facts.trustDomains.some((domain) => glob(pattern, `${domain}${rest}`));
}

function part(facts: Facts, key: "ns" | "sa"): string {
  const parts = (facts.identity ?? "").split("/");
  return parts[parts.indexOf(key) + 1] ?? "";
}

/** A bare name means an account of the policy's own namespace. */
function accountFits(facts: Facts, value: Value): boolean {
  const text = value.text();
  const [namespace, account] = text.includes("/") ? (text.split("/") as [string, string]) : [value.of.namespace, text];
  return part(facts, "ns") === namespace && part(facts, "sa") === account;
}

/** Exact, `x*`, `*x`, or templates with `{*}` (one segment) and `{**}` (any number). */
function pathFits(pattern: string, path: string): boolean {
  const bareOfQuery = path.split("?")[0] as string;
  if (!pattern.includes("{*}") && !pattern.includes("{**}")) return glob(pattern, bareOfQuery);
  const regex = pattern
    .replace(/[.+?^$()|[\]\\]/g, "\\$&")
    .replaceAll("{**}", ".*")
    .replaceAll("{*}", "[^/]+");
  return new RegExp(`^${regex}$`).test(bareOfQuery);
}
