import { YAMLException } from "js-yaml";
import type { Finding } from "../graph/rules/finding";
import { type Position, Positions } from "./read/positions";

/** Where a finding's field stands: file, line and column, as far as its source is a file of these texts. */
export class Locator {
  private readonly positions = new Map<string, Positions | undefined>();

  /** `texts` by file; `whole` is the file of objects whose source is a URN. Live objects stand in no file. */
  constructor(
    private readonly texts: ReadonlyMap<string, string>,
    private readonly whole: string | undefined,
  ) {}

  locate({ source, object, field }: Finding): Partial<Position> & { file?: string } {
    if (source === "live") return {};
    if (source === undefined || source.startsWith("urn:")) return this.whole === undefined ? {} : { file: this.whole };
    const [, file = source, line] = /^(.*):(\d+)$/s.exec(source) ?? [];
    const known = line === undefined ? undefined : Number(line);
    const exact = this.of(file)?.find(object, field, known);
    return exact ? { file, ...exact } : { file, ...(known !== undefined && { line: known }) };
  }

  private of(file: string): Positions | undefined {
    if (!this.positions.has(file)) this.positions.set(file, positionsIn(this.texts.get(file)));
    return this.positions.get(file);
  }
}

/** The YAML parser has a limit of depth that JSON has not: beyond it, the file is all that is said. */
function positionsIn(text: string | undefined): Positions | undefined {
  try {
    return text === undefined ? undefined : new Positions(text);
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}
