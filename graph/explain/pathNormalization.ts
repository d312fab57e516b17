/**
 * What proxies make of a request's path before they compare it with anything.
 * Istio API `MeshConfig.ProxyPathNormalization`, `core/listener_builder.go: buildHTTPConnectionManager`; Envoy API
 * `HttpConnectionManager.normalize_path`, `merge_slashes`, `path_with_escaped_slashes_action`: decoded, resolved, merged.
 */
import type { Walk } from "./walk";

/** Escapes of characters that need none: whether Envoy decodes them depends on its URL library's release. */
const NEEDLESS_ESCAPE = /%(?:2d|3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\dae])/i;

/** The path as every proxy of the mesh compares it and sends it on; the query stays as it is. */
export function normalizedPath(walk: Walk, path: string): string {
  const setting = walk.mesh.config.value("pathNormalization").at("normalization").text() || "DEFAULT";
  const end = path.search(/\?/);
  const [bare, rest] = end < 0 ? [path, ""] : [path.slice(0, end), path.slice(end)];
  if (setting === "NONE" || !bare.startsWith("/")) return path;
  if (NEEDLESS_ESCAPE.test(bare.replace(/%25/g, ""))) throw walk.unmodelled("route", `the escapes in the path ${bare}`);
  const decoded = setting === "DECODE_AND_MERGE_SLASHES" ? bare.replace(/%2f/gi, "/").replace(/%5c/gi, "\\") : bare;
  const resolved = withoutDots(decoded.replaceAll("\\", "/"));
  return `${setting.endsWith("MERGE_SLASHES") ? resolved.replace(/\/{2,}/g, "/") : resolved}${rest}`;
}

/** `.` and `..`, escaped or not (RFC 3986, 5.2.4). */
function withoutDots(path: string): string {
  const kept: string[] = [];
  const parts = path.split("/").slice(1);
  for (const [index, part] of parts.entries()) {
    const plain = part.replace(/%2e/gi, ".");
    if (plain === "..") kept.pop();
    if (plain !== "." && plain !== "..") kept.push(plain);
    else if (index === parts.length - 1) kept.push("");
  }
  return `/${kept.join("/")}`;
}
