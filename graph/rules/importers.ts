import { HostIndex } from "../mesh/hostIndex";
import type { MeshObject } from "../mesh/object";
import { SidecarResource } from "../mesh/sidecar";
import { Undecided } from "../mesh/unknown";
import { istioObjects, type RuleContext } from "./rule";

/** A Sidecar, as the scope of some pods. */
export interface Scope {
  object: MeshObject;
  namespace: string;
  /** Empty: every pod of the namespace. */
  selector: Record<string, string>;
}

/** By the namespace of the imported objects (`*`: any), the hosts that Sidecars import. */
type Imports = Map<string, HostIndex<Scope>>;

/**
 * Which Sidecars import a host (Istio API, `Sidecar.egress[].hosts`): the way from a ServiceEntry back to its callers,
 * so that nobody has to ask every Sidecar about every ServiceEntry.
 */
export class Importers {
  private readonly all: Imports = new Map();
  private readonly byNamespace = new Map<string, Imports>();

  constructor(context: RuleContext) {
    for (const object of istioObjects(context, "Sidecar")) this.add(object);
  }

  /** Sidecars that import the host of a namespace's object; of some namespaces, or of all. */
  of(namespace: string, host: string, seenFrom: "everybody" | ReadonlySet<string>): Set<Scope> {
    const found = new Set<Scope>();
    const places = seenFrom === "everybody" ? [this.all] : [...seenFrom].map((name) => this.byNamespace.get(name));
    for (const imports of places) {
      for (const index of [imports?.get(namespace), imports?.get("*")]) {
        for (const name of index?.covering(host) ?? []) for (const scope of index?.at(name) ?? []) found.add(scope);
      }
    }
    return found;
  }

  private add(object: MeshObject): void {
    const scope = { object, namespace: object.namespace, selector: selectorOf(object) };
    let own = this.byNamespace.get(object.namespace);
    if (own === undefined) {
      own = new Map();
      this.byNamespace.set(object.namespace, own);
    }
    for (const entry of new Set(entriesOf(object))) {
      const slash = entry.indexOf("/");
      // `~` excludes: the calls that are asked about find that out.
      if (slash < 0 || entry.startsWith("~")) continue;
      const namespace = slash === 1 && entry.startsWith(".") ? object.namespace : entry.slice(0, slash);
      for (const imports of [this.all, own]) put(imports, namespace, entry.slice(slash + 1), scope);
    }
  }
}

/** A Sidecar without listeners imports everything; one that is not known yet may. */
function entriesOf(object: MeshObject): string[] {
  try {
    const listeners = object.spec.at("egress").list();
    return listeners.length === 0 ? ["*/*"] : listeners.flatMap((listener) => listener.at("hosts").texts());
  } catch (error) {
    if (error instanceof Undecided) return ["*/*"];
    throw error;
  }
}

function selectorOf(object: MeshObject): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(new SidecarResource(object).selector ?? {}).map(([key, value]) => [key, String(value)]),
    );
  } catch (error) {
    if (error instanceof Undecided) return {};
    throw error;
  }
}

function put(imports: Imports, namespace: string, host: string, scope: Scope): void {
  let index = imports.get(namespace);
  if (index === undefined) {
    index = new HostIndex();
    imports.set(namespace, index);
  }
  index.add(host, scope);
}
