import { createColors } from "picocolors";

/** By the terminal alone: by itself the library also colours a pipe, wherever `CI` is set. */
export const pc = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);
