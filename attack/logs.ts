import type { Kubectl } from "../demo/kubectl";

/** A line of a proxy's JSON access log, with the moment it began. */
export interface ProxyLine {
  time: Date;
  text: string;
}

/** The access log of one container since a moment. */
export async function proxyLog(kubectl: Kubectl, namespace: string, pod: string, since: Date): Promise<ProxyLine[]> {
  const text = await kubectl([
    "logs",
    "-n",
    namespace,
    pod,
    "-c",
    "istio-proxy",
    `--since-time=${since.toISOString()}`,
  ]);
  return text.split("\n").flatMap(parse);
}

function parse(text: string): ProxyLine[] {
  if (!text.startsWith("{")) return [];
  try {
    const { time } = JSON.parse(text) as { time?: string };
    return time === undefined ? [] : [{ time: new Date(time), text }];
  } catch {
    return [];
  }
}
