import type { Kubectl } from "./kubectl";

/** A call to make from a pod. */
export interface CurlCall {
  url: string;
  /** Further curl arguments, e.g. `["-H", "Host: evil.example"]`. Defaults to none. */
  args?: readonly string[];
}

/** What curl saw. */
export interface CurlResult {
  /** HTTP status; 0 when none came. */
  status: number;
  /** curl's exit code; 0 is success (curl man page, "EXIT CODES"). */
  exit: number;
  body: string;
}

/** Seconds before a call counts as lost. */
const TIMEOUT = 10;

/** Makes all calls at once from one container of a pod, over new connections. Results come in the order of the calls. */
export async function curlAll(
  kubectl: Kubectl,
  namespace: string,
  pod: string,
  calls: readonly CurlCall[],
  container = "app",
): Promise<CurlResult[]> {
  const script = `d=$(mktemp -d); ${calls.map((call, index) => `${command(call)} >$d/${index} 2>/dev/null &`).join("\n")}
wait; for i in $(seq 0 ${calls.length - 1}); do base64 <$d/$i | tr -d '\\n'; echo; done; rm -rf $d`;
  const output = await kubectl(["exec", "-i", "-n", namespace, pod, "-c", container, "--", "sh"], script);
  const lines = output.split("\n");
  return calls.map((_, index) => parse(Buffer.from(lines[index] ?? "", "base64").toString("utf8")));
}

function command({ url, args = [] }: CurlCall): string {
  return ["curl", "-sSL", "--max-time", String(TIMEOUT), "-w", "\\n%{http_code} %{exitcode}", ...args, url]
    .map(quote)
    .join(" ");
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function parse(output: string): CurlResult {
  const cut = output.lastIndexOf("\n");
  const [status, exit] = output
    .slice(cut + 1)
    .split(" ")
    .map(Number);
  return { status: status ?? 0, exit: exit ?? -1, body: output.slice(0, Math.max(cut, 0)) };
}
