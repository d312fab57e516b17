/** One fault of a configuration, as data: rendered only at the edge. */
export interface Problem {
  /** Where in the configuration, e.g. `destinations.github.hosts[1]`. */
  path: string;
  /** The value found there; undefined where something is missing. */
  value?: unknown;
  /** What is wrong, without a full stop. */
  message: string;
  /** What to do about it, in the imperative. */
  fix: string;
}

/** One line for a person: path, value, fault and fix. */
export function formatProblem(problem: Problem): string {
  const value =
    problem.value === undefined ? "" : ` = ${shorten(JSON.stringify(problem.value) ?? String(problem.value))}`;
  return `${problem.path}${value}: ${problem.message}. ${problem.fix}${/[.?]$/.test(problem.fix) ? "" : "."}`;
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}

/** The path of a member: `join("destinations", "github")` is `destinations.github`, `join("hosts", 1)` is `hosts[1]`. */
export function join(...parts: readonly PropertyKey[]): string {
  let path = "";
  for (const part of parts) {
    if (typeof part === "number") path += `[${part}]`;
    else path += path === "" ? String(part) : `.${String(part)}`;
  }
  return path;
}
