/** Input that cannot be read: the message names file, line and, where there is one, the fix. Never shown with a stack. */
export class ReadProblem extends Error {}
