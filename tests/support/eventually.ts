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

/** Waits until `difference` gives undefined; throws with the last difference when it does not within `seconds`. */
export async function eventuallyResolved(
  what: string,
  difference: () => Promise<string | undefined>,
  seconds = 30,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  await pWaitFor(
    async () => {
      const found = await difference();
      if (found !== undefined && Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}: ${found}`);
      return found === undefined;
    },
    { interval: 200 },
  );
}
