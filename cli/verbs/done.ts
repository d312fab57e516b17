/** Told the exit code when a command has answered. */
export type Done = (exitCode: number) => void;
