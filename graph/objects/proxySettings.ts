import type { Intent } from "../intent/intent";
import { istiodRelease } from "./release";

/** What the injector puts into pods, as far as istiod's values tell. */
export interface ProxySettings {
  /** Regular expression of the proxy's images: of the hub that the values name, else of any hub. */
  images: string;
  /** Audiences of the tokens that istiod takes for certificates. */
  audiences: string[];
  /** Regular expression of the names of environment variables that `istio-init` may have. */
  env: string;
  /** The values give the proxy lifecycle hooks of their own. */
  ownHooks: boolean;
}

const AUDIENCE = "istio-ca";
const IMAGE = "proxyv2";

/** Read from istiod's values (Istio's chart `istiod`: `global.hub`, `global.proxy`, `global.sds`, `meshConfig`). */
export function proxySettings(intent: Intent): ProxySettings {
  const { values } = istiodRelease(intent).spec;
  const at = (...path: string[]) => path.reduce<unknown>((value, key) => asMap(value)[key], values);
  const hub = asText(at("global", "hub"));
  const names = [asText(at("global", "proxy", "image")), asText(at("global", "proxy_init", "image"))];
  const audience = asText(at("global", "sds", "token", "aud"));
  const metadata = Object.keys(asMap(at("meshConfig", "defaultConfig", "proxyMetadata")));
  return {
    images: `^(${[...new Set(names.map((name) => repository(hub, name ?? IMAGE)))].join("|")})[:@]`,
    audiences: [...new Set([AUDIENCE, ...(audience === undefined ? [] : [audience])])],
    env: `^(${["ISTIO_META_.*", "ISTIO_DUAL_STACK", ...metadata.map(quoted)].join("|")})$`,
    ownHooks: at("global", "proxy", "lifecycle") !== undefined,
  };
}

/** An image with a slash is whole (Istio's injection template). Its tag may change with every release of Istio. */
function repository(hub: string | undefined, image: string): string {
  if (image.includes("/")) return quoted(image.replace(/(@.*|:[^/]*)$/, ""));
  return hub === undefined ? `(.+/)?${quoted(image)}` : quoted(`${hub}/${image}`);
}

/** Part of a regular expression that stands for itself (RE2). */
function quoted(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
