import pWaitFor from "p-wait-for";

/**
 * Waits until `condition` holds; throws, naming `what`, when it does not within `seconds`. The deadline is ours: with
 * p-wait-for's own timeout each look adds a listener, and Node warns of a leak after ten.
 */
export async function eventually(what: string, condition: () => boolean, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  await pWaitFor(() => {
    if (condition()) return true;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    return false;
  });
}
