import { buildMesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import type { MeshOptions, SourcedManifest } from "../mesh/sourced";
import { Undecided } from "../mesh/unknown";
import { RULES } from "./all";
import { CATALOGUE, type RuleCode } from "./catalogue";
import { Exemptions } from "./exemptions";
import type { Complaint, Finding } from "./finding";
import type { RuleOptions } from "./options";
import type { Rule, RuleContext } from "./rule";

export interface JudgeInput {
  /** A day in UTC, `YYYY-MM-DD`: exemptions and allowances expire. */
  today: string;
  options?: RuleOptions;
  /** What manifests alone do not say. */
  mesh?: MeshOptions;
  /** Objects that are judged; default: all. */
  judged?: (object: MeshObject) => boolean;
  /** Codes of the rules to ask; default: all that are not disabled. */
  only?: readonly RuleCode[];
}

/** Every finding of every rule, rule by rule in the order of the catalogue. */
export function judge(objects: SourcedManifest[], input: JudgeInput): Finding[] {
  const { today, options = {}, only } = input;
  const context = contextOf(objects, input);
  if (context instanceof Undecided) return [nothingKnown(context, options)];
  const exemptions = new Exemptions(options, today);
  return RULES.filter((rule) => asked(rule, options, only)).flatMap((rule) =>
    [...rule.check(context)].map((complaint) => exemptions.applied(finding(rule.code, complaint, options))),
  );
}

function contextOf(objects: SourcedManifest[], input: JudgeInput): RuleContext | Undecided {
  try {
    return newContext(objects, input);
  } catch (error) {
    if (error instanceof Undecided) return error;
    throw error;
  }
}

/** What is not known is part of every answer, such as the mesh config in the values of istiod's Release. */
function nothingKnown(why: Undecided, options: RuleOptions): Finding {
  return {
    code: "service-entry-routed-by-egress-gateway",
    level: options.unknowns === "advise" ? "advisory" : "mandatory",
    object: why.object,
    field: why.field,
    seen: "not known yet",
    message: "it decides about every call, so nothing could be judged",
    fix: "Use a value that is known at preview, or set the option unknowns to advise",
    undecided: true,
  };
}

function asked({ code }: Rule, options: RuleOptions, only: readonly RuleCode[] | undefined): boolean {
  return only === undefined ? options.rules?.[code]?.enforcementLevel !== "disabled" : only.includes(code);
}

function finding(code: RuleCode, { object, ...rest }: Complaint, options: RuleOptions): Finding {
  const set = options.rules?.[code]?.enforcementLevel;
  const level = set === undefined || set === "disabled" ? CATALOGUE[code].level : set;
  const advised = rest.undecided === true && options.unknowns === "advise";
  return { code, level: advised ? "advisory" : level, object: object.id, source: object.source, ...rest };
}

function newContext(
  objects: SourcedManifest[],
  { today, options = {}, mesh, judged = () => true }: JudgeInput,
): RuleContext {
  const memo = new Map<unknown, unknown>();
  const context: RuleContext = {
    mesh: buildMesh(objects, mesh),
    today,
    options,
    judged,
    meshOf: (keep) =>
      buildMesh(
        objects.filter(({ manifest }) => keep(manifest)),
        mesh,
      ),
    shared: (key) => {
      if (!memo.has(key)) memo.set(key, key(context));
      return memo.get(key) as ReturnType<typeof key>;
    },
  };
  return context;
}
