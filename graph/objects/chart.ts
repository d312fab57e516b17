import type { IstioIntent } from "../intent/intent";

/** Where a chart comes from, as Helm Release args. A folder has neither repository nor version. */
export interface ChartSource {
  chart: string;
  version?: string;
  repository?: string;
}

/** The source of one of Istio's charts: a folder, an OCI repository, or a classic repository. */
export function chartSource(istio: IstioIntent, which: keyof IstioIntent["charts"]): ChartSource {
  const chart = istio.charts[which];
  if (/^(\.{0,2}\/|~\/|[A-Za-z]:\\)/.test(chart)) return { chart };
  if (istio.repository.startsWith("oci://")) return { chart: `${istio.repository}/${chart}`, version: istio.version };
  return { chart, version: istio.version, repository: istio.repository };
}
