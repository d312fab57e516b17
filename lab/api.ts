import { existsSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { API_PORT, NODE_ADDRESS } from "./addresses";
import { credentials, readAdminToken } from "./credentials";
import type { Folders } from "./folders";

/** GET from the API server as its administrator, e.g. `/readyz`. Undefined when it gives no answer within 3 s. */
export function apiGet(folders: Folders, path: string): Promise<{ status: number; body: string } | undefined> {
  const token = readAdminToken(folders);
  const { authority } = credentials(folders);
  if (token === undefined || !existsSync(authority)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const call = request({
      host: NODE_ADDRESS,
      port: API_PORT,
      path,
      ca: readFileSync(authority),
      agent: false,
      headers: { authorization: `Bearer ${token}` },
      timeout: 3_000,
    });
    call.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    call.on("error", () => resolve(undefined));
    call.on("timeout", () => call.destroy());
    call.end();
  });
}

/** The same, as an object; undefined unless the answer is 200. */
export async function apiObject<T>(folders: Folders, path: string): Promise<T | undefined> {
  const answer = await apiGet(folders, path);
  return answer?.status === 200 ? (JSON.parse(answer.body) as T) : undefined;
}
