import { isDeepStrictEqual } from "node:util";
import { applyPatch, createTwoFilesPatch } from "diff";
import { load } from "js-yaml";
import { type Document, isMap, isScalar, type Node, parseDocument, visit } from "yaml";
import { type ConfigChange, withChanges } from "../graph/repair/configChange";
import { MANIFEST_SCHEMA } from "./read/schema";

/** A stack's file after an edit, and the edit as a unified patch. */
export interface StackEdit {
  text: string;
  patch: string;
}

/**
 * Makes changes in the text of a `Pulumi.STACK.yaml`, keeping its comments and its ways of writing. Undefined where the
 * file cannot be changed so (an alias stands where the change belongs): then it is for a person to do.
 */
export function editStack(file: string, text: string, changes: readonly ConfigChange[]): StackEdit | undefined {
  const edited = textWith(text, changes);
  if (edited === undefined || !isDeepStrictEqual(configOf(edited), expected(text, changes))) return undefined;
  return { text: edited, patch: patchOf(file, text, edited) };
}

/** The edit of one text into another as `git apply` and `patch -p1` take it. */
function patchOf(file: string, before: string, after: string): string {
  return createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, { context: 3 }).replace(
    /^=+\n/,
    "",
  );
}

function textWith(text: string, changes: readonly ConfigChange[]): string | undefined {
  const document = parseDocument(text);
  const before = written(document, text);
  const prefix = prefixOf(document);
  try {
    for (const {
      path: [key = "", ...rest],
      value,
    } of changes)
      put(document, ["config", `${prefix}${key}`, ...rest], value);
  } catch {
    return undefined;
  }
  const after = written(document, text);
  if (before === text) return after;
  // Lines that the library would write another way stay as they are.
  const small = applyPatch(text, createTwoFilesPatch("a", "b", before, after), { fuzzFactor: 2 });
  return small === false ? after : small;
}

function put(document: Document, path: readonly (string | number)[], value: unknown): void {
  const parent = path.slice(0, -1);
  const node = briefly(document.createNode(value));
  if (typeof path.at(-1) !== "number") document.setIn(path, node);
  else if (document.getIn(parent) == null) document.setIn(parent, briefly(document.createNode([value])));
  else document.addIn(parent, node);
}

/** Lists of single values, and what is in lists and has nothing but single values, on one line. */
function briefly(node: Node): Node {
  visit(node, {
    Seq: (_, seq) => {
      if (seq.items.every((item) => isScalar(item))) seq.flow = true;
      for (const item of seq.items)
        if (isMap(item) && item.items.every(({ value }) => isScalar(value))) item.flow = true;
    },
  });
  return node;
}

/** `controlled-egress:`, or whatever the project is called. */
function prefixOf(document: Document): string {
  const config = document.get("config");
  const keys = isMap(config) ? config.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
  const known = keys.find((key) => /:destinations$/.test(key)) ?? "controlled-egress:destinations";
  return known.slice(0, known.indexOf(":") + 1);
}

/** In the file's own manner, as far as the library can be told. */
function written(document: Document, text: string): string {
  return document.toString({
    lineWidth: 0,
    flowCollectionPadding: /[[{] \S/.test(text),
    indentSeq: !/^( *)\S.*:[ \t]*\n\1- /m.test(text),
  });
}

function configOf(text: string): unknown {
  const { config = {} } = load(text, { schema: MANIFEST_SCHEMA }) as { config?: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(key.indexOf(":") + 1), value]));
}

function expected(text: string, changes: readonly ConfigChange[]): unknown {
  return withChanges(configOf(text) as never, changes);
}
