import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again and again until the answer is yes; false when it was still no after `timeoutMs`. (p-wait-for adds a listener
 * for each question and Node.js warns after ten.)
 */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  { intervalMs = 50, timeoutMs }: { intervalMs?: number; timeoutMs: number },
): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() >= end) return false;
    await sleep(intervalMs);
  }
  return true;
}
