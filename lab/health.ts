import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";

/** Whether a part's own health page on this machine answers 200. Its certificate, made at its start, is not looked at. */
export function isHealthy(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { agent: false, timeout: 2_000, rejectUnauthorized: false } as const;
    const call = url.startsWith("https:") ? getHttps(url, options) : getHttp(url, options);
    call.on("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on("error", () => resolve(false));
    call.on("timeout", () => call.destroy());
  });
}
