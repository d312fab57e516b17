import type { Problem } from "../problem";

type Fault = Pick<Problem, "message" | "fix">;

/** A character that no path holds as it is (RFC 3986, `pchar` without escapes). */
const STRANGE = /[^A-Za-z0-9\-._~!$&'()+,;=:@/]/;

/**
 * What is wrong with a path that callers are held to. The gateway compares paths after it has decoded and merged them
 * (Istio API, `MeshConfig.ProxyPathNormalization`), so a path that would change in that never matches; and its end is
 * the one place for a wildcard (Istio API, `Operation.paths`).
 */
export function pathFault(path: string): Fault | undefined {
  if (path === "*") return { message: "stands for every path", fix: "Leave paths out for any path" };
  if (!path.startsWith("/")) return { message: "does not start with a slash", fix: `Write "/${path}"` };
  const literal = path.endsWith("/*") ? path.slice(0, -1) : path;
  if (literal.includes("*"))
    return {
      message: 'has a "*" elsewhere than as its last part',
      fix: `Write ${prefixBefore(path, path.indexOf("*"))}, or whole paths`,
    };
  if (/[?#]/.test(literal))
    return { message: "has a query or fragment, which is not compared", fix: `Write "${path.replace(/[?#].*$/, "")}"` };
  if (literal.includes("%"))
    return { message: "has an escape, and the gateway compares decoded paths", fix: decodedFix(path) };
  if (literal.includes("//"))
    return {
      message: "has an empty part, and the gateway merges slashes before it compares",
      fix: `Write "${path.replace(/\/{2,}/g, "/")}"`,
    };
  if (literal.split("/").some((part) => part === "." || part === ".."))
    return {
      message: 'has a part "." or "..", which the gateway resolves before it compares',
      fix: `Write "${new URL(path, "http://host").pathname}"`,
    };
  const strange = literal.search(STRANGE);
  return strange < 0
    ? undefined
    : {
        message: "has a character that no path holds as it is",
        fix: `Write ${prefixBefore(path, strange)}, the nearest prefix without it`,
      };
}

/** Everything below the last slash before a place: `"/api/*"` for `/api/v*`. */
function prefixBefore(path: string, index: number): string {
  return `"${path.slice(0, path.lastIndexOf("/", index) + 1)}*"`;
}

function decodedFix(path: string): string {
  const decoded = decodedPath(path);
  return decoded !== undefined && pathFault(decoded) === undefined
    ? `Write "${decoded}"`
    : `Write ${prefixBefore(path, path.indexOf("%"))}, the nearest prefix without it`;
}

function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
