import type { Manifest } from "../manifest";
import type { Mesh } from "../mesh/mesh";
import type { MeshObject } from "../mesh/object";
import { Undecided } from "../mesh/unknown";
import type { RuleCode } from "./catalogue";
import { type Complaint, undecided } from "./finding";
import type { RuleOptions } from "./options";

/** What a rule judges by. */
export interface RuleContext {
  mesh: Mesh;
  /** A day in UTC, `YYYY-MM-DD`. */
  today: string;
  options: RuleOptions;
  /** False for objects that only make the picture whole, e.g. those of another stack: nobody is told about them here. */
  judged(object: MeshObject): boolean;
  /** A mesh of those objects that are kept. */
  meshOf(keep: (manifest: Manifest) => boolean): Mesh;
  /** Work that several rules share, done once. */
  shared<T>(key: (context: RuleContext) => T): T;
}

/** One rule, one file: `check` reads the mesh and gives what is wrong. */
export interface Rule {
  code: RuleCode;
  check(context: RuleContext): Iterable<Complaint>;
}

/** Judges object by object; one that holds a value not known yet is undecided, and the others are judged all the same. */
export function* each(
  context: RuleContext,
  objects: Iterable<MeshObject>,
  judge: (object: MeshObject) => Iterable<Complaint>,
): Iterable<Complaint> {
  for (const object of objects) if (context.judged(object)) yield* decided(object, () => judge(object));
}

/** The complaints of `judge`, or that it could not be decided. */
export function decided(object: MeshObject, judge: () => Iterable<Complaint>): Complaint[] {
  try {
    return [...judge()];
  } catch (error) {
    if (error instanceof Undecided) return [undecided(object, error)];
    throw error;
  }
}

/** Istio's objects of a kind: Gateway API has kinds of the same name. */
export function istioObjects({ mesh }: RuleContext, kind: string): MeshObject[] {
  return mesh.objects(kind).filter((object) => object.group === "networking.istio.io");
}
