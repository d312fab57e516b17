import { EVENT_ID, type Event, getScalarValue, parseEvents } from "js-yaml";
import { groupBy } from "../../graph/group";

/** Where something stands in a text; both count from 1, as editors do. */
export interface Position {
  line: number;
  column: number;
}

type Node =
  | { kind: "map"; at: number; entries: Entry[] }
  | { kind: "list"; at: number; items: Node[] }
  | { kind: "scalar"; at: number; text: string };

interface Entry {
  key: string;
  at: number;
  value: Node;
}

/** Finds objects and their fields in the text of a YAML or JSON file that is known to be valid. */
export class Positions {
  private readonly lines: number[];
  private readonly objects: Node[];
  private readonly byLine: ReadonlyMap<number, Node[]>;

  constructor(text: string) {
    this.lines = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    this.objects = documentsOf(text).flatMap(objectsIn);
    this.byLine = groupBy(this.objects, ({ at }) => this.position(at).line);
  }

  /**
   * The field of an object (`Kind namespace/name`), or the nearest part of it that stands in the text; nothing, where
   * the object does not. `line` is the object's own, if it is known.
   */
  find(object: string, field: string, line?: number): Position | undefined {
    const here = line === undefined ? this.objects : (this.byLine.get(line) ?? []);
    // Items of typed lists need not say their kind: the line must do.
    const node = here.find((each) => isObject(each, object)) ?? (line === undefined ? undefined : here[0]);
    return node && this.position(offsetIn(node, field, node.at));
  }

  private position(offset: number): Position {
    let [low, high] = [0, this.lines.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.lines[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.lines[low] ?? 0) + 1 };
  }
}

function isObject(node: Node, id: string): boolean {
  const metadata = member(node, "metadata");
  const [kind, place = ""] = id.split(" ");
  const namespace = textOf(member(metadata, "namespace"));
  const name = textOf(member(metadata, "name"));
  const [owner, bare] = place.includes("/") ? place.split("/") : [undefined, place];
  return textOf(member(node, "kind")) === kind && name === bare && (namespace === undefined || namespace === owner);
}

/** Keys may hold dots (annotations), so the longest that fits is taken. */
function offsetIn(node: Node, field: string, at: number): number {
  if (field === "") return at;
  if (node.kind === "list") {
    const [whole = "", index] = /^\[(\d+)\]\.?/.exec(field) ?? [];
    const item = node.items[Number(index)];
    return item === undefined ? at : offsetIn(item, field.slice(whole.length), item.at);
  }
  if (node.kind === "scalar") return at;
  const fitting = node.entries.filter(({ key }) => field.startsWith(key) && /^([.[:]|$)/.test(field.slice(key.length)));
  const longest = fitting.sort((a, b) => b.key.length - a.key.length)[0];
  if (longest === undefined) return at;
  return offsetIn(longest.value, field.slice(longest.key.length).replace(/^\./, ""), longest.at);
}

/** A document, or the items of its list (`kind: List`). */
function objectsIn(document: Node): Node[] {
  if (document.kind === "list") return document.items;
  const items = member(document, "items");
  return items?.kind === "list" && /List$/.test(textOf(member(document, "kind")) ?? "") ? items.items : [document];
}

function member(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === "map" ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" ? node.text : undefined;
}

function documentsOf(text: string): Node[] {
  const events = parseEvents(text, {});
  const documents: Node[] = [];
  let next = 0;
  while (next < events.length) {
    next++;
    if (events[next]?.type !== EVENT_ID.POP) documents.push(node());
    next++;
  }
  return documents;

  function node(): Node {
    const event = events[next++] as Event;
    if (event.type === EVENT_ID.MAPPING) return { kind: "map", at: event.start, entries: until(entry) };
    if (event.type === EVENT_ID.SEQUENCE) return { kind: "list", at: event.start, items: until(node) };
    if (event.type === EVENT_ID.SCALAR)
      return { kind: "scalar", at: quoted(text, event.valueStart), text: getScalarValue(text, event) };
    return { kind: "scalar", at: event.type === EVENT_ID.ALIAS ? event.anchorStart - 1 : 0, text: "" };
  }

  function entry(): Entry {
    const key = node();
    return { key: textOf(key) ?? "", at: key.at, value: node() };
  }

  function until<T>(read: () => T): T[] {
    const found: T[] = [];
    while (events[next]?.type !== EVENT_ID.POP) found.push(read());
    next++;
    return found;
  }
}

/** Offsets of quoted text begin behind the quote. */
function quoted(text: string, at: number): number {
  return /["']/.test(text[at - 1] ?? "") ? at - 1 : at;
}
