import { type InternetEvent, internetLog } from "../../../lab";
import { curlArguments, type RealCall } from "./calls";
import type { World } from "./world";

/** One call that was made, and everything that was seen of it at once. */
export interface Made {
  call: RealCall;
  /** Position in the case's list. */
  index: number;
  mark: string;
  /** Milliseconds. */
  from: number;
  to: number;
  status: number;
  exit: number;
  /** The server of the mesh answered. */
  inMesh: boolean;
  /** Requests that reached the internet with its mark, mirrored ones as well. */
  arrivals: InternetEvent[];
}

let marks = 0;

/** Makes all calls of a case: each application's one after the other, the applications side by side. */
export async function round(world: World, calls: readonly RealCall[]): Promise<Made[]> {
  const since = new Date();
  const wanted = calls.flatMap((call, index) => Array.from({ length: call.repeat ?? 1 }, () => ({ call, index })));
  const callers = [...new Set(wanted.map(({ call }) => call.from))];
  const made = await Promise.all(
    callers.map((from) =>
      callFrom(
        world,
        from,
        wanted.filter(({ call }) => call.from === from),
      ),
    ),
  );
  const requests = internetLog(since).filter(({ event }) => event === "request");
  return made
    .flat()
    .map((one) => ({ ...one, arrivals: requests.filter(({ path }) => path?.includes(`n=${one.mark}`)) }));
}

type Unseen = Omit<Made, "arrivals">;

async function callFrom(world: World, from: string, wanted: { call: RealCall; index: number }[]): Promise<Unseen[]> {
  const shell = world.shells.get(from);
  if (!shell) throw new Error(`no shell in ${from}`);
  const marked = wanted.map((one) => ({ ...one, mark: `r${++marks}.` }));
  const lines = await shell.run(marked.map(({ call, mark }) => command(curlArguments(call, mark))).join("\n"));
  return marked.map((one, line) => {
    const [start, end, status, exit, header] = (lines[line] ?? "").split(" ");
    return {
      ...one,
      from: Number(start),
      to: Number(end),
      status: Number(status),
      exit: Number(exit),
      inMesh: header === "web",
    };
  });
}

function command(args: readonly string[]): string {
  const words = args.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const shown = "'%{http_code} %{exitcode} %header{x-reality}'";
  return `s=$(date +%s%3N); r=$(curl -s -o /dev/null -w ${shown} ${words} 2>/dev/null); echo "$s $(date +%s%3N) $r"`;
}
