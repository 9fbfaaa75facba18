// sdk_client.mjs MODE CALLS COMMAND [WORD...] - the protocol's own client, in one era, asks a server for its tools and calls some.
// MODE: legacy, auto, or a revision to insist on. CALLS: JSON, [[name, arguments], ...]. Prints what came as JSON.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const [mode, calls, command, ...args] = process.argv.slice(2);
const negotiation = mode === 'legacy' || mode === 'auto' ? mode : { pin: mode };
const client = new Client({ name: 'tests', version: '1' }, { versionNegotiation: { mode: negotiation } });
await client.connect(new StdioClientTransport({ command, args, stderr: 'inherit' }));
const seen = { version: client.getNegotiatedProtocolVersion?.(), server: client.getServerVersion(),
  instructions: client.getInstructions(), tools: (await client.listTools()).tools, results: [] };
for (const [name, given] of JSON.parse(calls)) {
  try {
    seen.results.push(await client.callTool({ name, arguments: given }));
  } catch (problem) {
    seen.results.push({ code: problem.code, message: problem.message });
  }
}
await client.close();
console.log(JSON.stringify(seen));
