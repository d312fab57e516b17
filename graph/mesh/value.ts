import type { MeshObject } from "./object";
import { UNKNOWN, Undecided } from "./unknown";

/** A place in a manifest. Reading an `UNKNOWN` throws `Undecided` with the place's path; passing by does not. */
export class Value {
  constructor(
    readonly of: MeshObject,
    /** The path as text, or the place that `key` is below. */
    private readonly above: string | Value,
    private readonly raw: unknown,
    private readonly key?: string | number,
  ) {}

  /** Put together when somebody asks: of a hundred places that are read, one is spoken of. */
  get path(): string {
    if (typeof this.above === "string") return this.above;
    const above = this.above.path;
    if (typeof this.key === "number") return `${above}[${this.key}]`;
    return above === "" ? String(this.key) : `${above}.${this.key}`;
  }

  private known(): unknown {
    if (this.raw === UNKNOWN) throw new Undecided(this.of.id, this.path);
    return this.raw;
  }

  get present(): boolean {
    const raw = this.known();
    return raw !== undefined && raw !== null;
  }

  at(key: string): Value {
    const raw = this.known();
    const next = raw !== null && typeof raw === "object" ? (raw as Record<string, unknown>)[key] : undefined;
    return new Value(this.of, this, next, key);
  }

  /** The value as text; "" if absent. */
  text(): string {
    const raw = this.known();
    return raw === undefined || raw === null || typeof raw === "object" ? "" : String(raw);
  }

  /** The value as number; undefined if absent or no number. Text of digits counts (Helm values). */
  number(): number | undefined {
    const text = this.text();
    const value = text === "" ? Number.NaN : Number(text);
    return Number.isNaN(value) ? undefined : value;
  }

  flag(): boolean {
    const raw = this.known();
    return raw === true || raw === "true";
  }

  list(): Value[] {
    const raw = this.known();
    return Array.isArray(raw) ? raw.map((item, i) => new Value(this.of, this, item, i)) : [];
  }

  texts(): string[] {
    return this.list().map((item) => item.text());
  }

  entries(): [string, Value][] {
    const raw = this.known();
    if (raw === null || typeof raw !== "object" || Array.isArray(raw)) return [];
    return Object.keys(raw).map((key) => [key, this.at(key)]);
  }

  /** A map of texts. Values may stay unknown until they are compared: see `labels.ts`. */
  rawMap(): Record<string, unknown> {
    const raw = this.known();
    return raw !== null && typeof raw === "object" && !Array.isArray(raw) ? (raw as Record<string, unknown>) : {};
  }
}
