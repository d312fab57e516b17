import { labFolders } from "./folders";
import { readInternetAuthority } from "./internetAuthority";
import { readClientAuthority } from "./internetClients";
import { openInternetLog } from "./internetLog";
import { startResolver } from "./internetResolver";
import { startTcp } from "./internetTcp";
import { startUdp } from "./internetUdp";
import { startWeb } from "./internetWeb";

/**
 * All servers of the lab's internet in one process, run inside its network namespace. Whatever reaches them is a log line,
 * written before the answer.
 */
async function main(): Promise<void> {
  const folders = labFolders();
  const record = openInternetLog(folders);
  startTcp(record);
  await startUdp(record);
  await startResolver(record);
  // Last, since readiness is asked of it.
  await startWeb(record, readInternetAuthority(folders), readClientAuthority(folders));
}

process.on("SIGTERM", () => process.exit(0));
main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
