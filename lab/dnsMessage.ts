/** DNS messages (RFC 1035, section 4), as much of them as a server needs that knows every name. */
export interface Question {
  id: number;
  /** Without the last dot, as written. */
  name: string;
  /** `A`, `AAAA`, `TXT`, else the number, e.g. `TYPE65`. */
  recordType: string;
  /** The question's own bytes, which an answer repeats. */
  bytes: Buffer;
}

const HEADER = 12;
const TYPES: Record<number, string> = { 1: "A", 2: "NS", 5: "CNAME", 16: "TXT", 28: "AAAA" };

/** The first question of a query; undefined when the bytes are no query. */
export function readQuestion(message: Buffer): Question | undefined {
  if (message.length < HEADER + 5 || message.readUInt16BE(4) < 1) return undefined;
  const labels: string[] = [];
  let at = HEADER;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    if (length > 63 || at + 1 + length >= message.length) return undefined;
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (at + 5 > message.length) return undefined;
  const type = message.readUInt16BE(at + 1);
  return {
    id: message.readUInt16BE(0),
    name: labels.join("."),
    recordType: TYPES[type] ?? `TYPE${type}`,
    bytes: message.subarray(HEADER, at + 5),
  };
}

/** The answer: for `A` the address, for `TXT` the text, for anything else that there is none. */
export function answerQuestion(question: Question, address: string, text: string): Buffer {
  const data = recordData(question.recordType, address, text);
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(question.id, 0);
  header.writeUInt16BE(0x8580, 2); // An answer, with authority, recursion as asked.
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(data ? 1 : 0, 6);
  return Buffer.concat([header, question.bytes, ...(data ? [record(question.bytes, data)] : [])]);
}

function recordData(type: string, address: string, text: string): Buffer | undefined {
  if (type === "A") return Buffer.from(address.split(".").map(Number));
  if (type === "TXT") return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "latin1")]);
  return undefined;
}

/** A record of the question's own name (a pointer to it), type and class, good for a second. */
function record(question: Buffer, data: Buffer): Buffer {
  const rest = Buffer.alloc(6);
  rest.writeUInt32BE(1, 0);
  rest.writeUInt16BE(data.length, 4);
  return Buffer.concat([Buffer.from([0xc0, HEADER]), question.subarray(-4), rest, data]);
}
