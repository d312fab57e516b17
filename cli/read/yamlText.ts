import { constructFromEvents, EVENT_ID, type Event, parseEvents, YAMLException } from "js-yaml";
import type { SourcedManifest } from "../../graph/mesh/sourced";
import { isManifest, listItems, named, withListType } from "./lists";
import { ReadProblem } from "./problem";
import { MANIFEST_SCHEMA } from "./schema";

/** Big enough to keep the parser busy, small enough that a piece's events stay in the processor's cache. */
const PIECE = 32 * 1024;
/** YAML 1.2, "c-forbidden": no scalar may hold this at the start of a line, so text may be cut there. */
const DOCUMENT_START = /^---(?=\s|$)/gm;

/** The Kubernetes objects of a text of YAML documents, each with `file:line` of its start. Throws `ReadProblem`. */
export function manifestsOfYaml(text: string, file: string): SourcedManifest[] {
  const found: SourcedManifest[] = [];
  const lines = new LineCounter(text);
  for (const [start, end] of pieces(text, PIECE)) readPiece(text, start, end, file, lines, found);
  return found;
}

function readPiece(text: string, from: number, to: number, file: string, lines: LineCounter, found: SourcedManifest[]) {
  const source = text.slice(from, to);
  try {
    const events = parseEvents(source, { filename: file });
    const documents = constructFromEvents(events, { source, filename: file, schema: MANIFEST_SCHEMA });
    const starts = documentStarts(events);
    documents.forEach((document, i) => {
      const line = (offset: number) => `${file}:${lines.at(from + offset)}`;
      collect(document, starts[i] ?? { at: 0, items: [] }, line, found);
    });
  } catch (error) {
    throw problemAt(error, text, from, file);
  }
}

function collect(
  document: unknown,
  { at, items }: Start,
  source: (offset: number) => string,
  found: SourcedManifest[],
) {
  if (document === null || typeof document !== "object") return;
  const list = document as Record<string, unknown>;
  const inner = listItems(list);
  if (inner === undefined) {
    if (isManifest(document)) found.push({ manifest: named(document), source: source(at) });
    return;
  }
  inner.forEach((item, i) => {
    collect(withListType(item, list), { at: items[i] ?? at, items: [] }, source, found);
  });
}

/** Pieces of whole documents, each of at least `size` characters but the last. */
export function* pieces(text: string, size: number): Generator<[number, number]> {
  let start = 0;
  while (start < text.length) {
    DOCUMENT_START.lastIndex = start + size;
    const next = start + size < text.length ? DOCUMENT_START.exec(text) : null;
    const end = next === null ? text.length : next.index;
    yield [start, end];
    start = end;
  }
}

/** Where a document's content begins, and each item of its top-level `items`. */
interface Start {
  at: number;
  items: number[];
}

function documentStarts(events: Event[]): Start[] {
  const starts: Start[] = [];
  // -1 outside of documents, 0 at a document's root, 1 in the root mapping, 2 in its lists.
  let depth = -1;
  let inItems = false;
  events.forEach((event, i) => {
    if (event.type === EVENT_ID.POP) {
      depth--;
      if (depth === 1) inItems = false;
      return;
    }
    if (event.type === EVENT_ID.DOCUMENT) {
      starts.push({ at: offsetOf(events[i + 1]), items: [] });
      depth = 0;
      return;
    }
    const current = starts[starts.length - 1];
    if (inItems && depth === 2 && current) current.items.push(offsetOf(event));
    if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) {
      // A top-level list that holds the objects of a List; other lists at that depth belong to objects without `kind: List`.
      if (event.type === EVENT_ID.SEQUENCE && depth === 1) inItems = true;
      depth++;
    }
  });
  return starts;
}

function offsetOf(event: Event | undefined): number {
  if (event === undefined) return 0;
  if (event.type === EVENT_ID.SCALAR) return event.valueStart;
  return event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE ? event.start : 0;
}

function problemAt(error: unknown, text: string, from: number, file: string): Error {
  if (!(error instanceof YAMLException)) return error instanceof Error ? error : new Error(String(error));
  const line = new LineCounter(text).at(from + (error.mark?.position ?? 0));
  return new ReadProblem(`${file}:${line}: ${error.reason}. Not valid YAML; nothing of it was read.`);
}

/** Line numbers of growing offsets, in one walk over the text. */
class LineCounter {
  private line = 1;
  private offset = 0;

  constructor(private readonly text: string) {}

  at(offset: number): number {
    for (;;) {
      const next = this.text.indexOf("\n", this.offset);
      if (next < 0 || next >= offset) return this.line;
      this.line++;
      this.offset = next + 1;
    }
  }
}
