import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import type { AddressInfo } from "node:net";
import { answerQuestion, readQuestion } from "../../../lab/dnsMessage";

describe("lab: DNS messages", () => {
  const query = Buffer.from("123401000001000000000000017806a17474c1636b", "hex");

  it("are read and answered as a resolver expects", async () => {
    const asked: string[] = [];
    const server = createSocket("udp4", (message, { address, port }) => {
      const question = readQuestion(message);
      assert.ok(question);
      asked.push(`${question.recordType} ${question.name}`);
      server.send(answerQuestion(question, "198.19.0.29", "hello"), port, address);
    });
    await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
    const resolver = new Resolver({ timeout: 2_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${(server.address() as AddressInfo).port}`]);
    try {
      assert.deepEqual(await resolver.resolve4("x.attacker.example"), ["198.19.0.29"]);
      assert.deepEqual(await resolver.resolveTxt("secret.y.attacker.example"), [["hello"]]);
      await assert.rejects(resolver.resolve6("x.attacker.example"), /ENODATA/);
    } finally {
      server.close();
    }
    assert.deepEqual(asked, ["A x.attacker.example", "TXT secret.y.attacker.example", "AAAA x.attacker.example"]);
  });

  it("are not taken for queries when they are cut short or are something else", () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from("GET / HTTP/1.1\r\n\r\n"), query]) {
      assert.equal(readQuestion(bytes), undefined, bytes.toString("hex"));
    }
  });
});
