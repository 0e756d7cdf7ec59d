/** The stream broke off or does not hold what it should: what came before it stands, the rest must be asked for again. */
export class BrokenStream extends Error {
  override readonly name = 'BrokenStream';
}

const NEWLINE = 0x0a;

/**
 * The JSON values of a stream with one on each line, however it is cut into chunks, also inside a character.
 * @throws BrokenStream for a line over `maxBytes`, a line that is no JSON, and an end in the middle of a line.
 */
export async function* readJsonLines(
  chunks: AsyncIterable<Uint8Array>,
  { maxBytes }: { maxBytes: number },
): AsyncGenerator<unknown> {
  let rest: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...rest, chunk.subarray(from, end)]);
      rest = [];
      held = 0;
      from = end + 1;
      if (line.length > maxBytes) throw tooLong(maxBytes);
      if (line.length > 0) yield parse(line);
    }
    if (from === chunk.length) continue;
    rest.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > maxBytes) throw tooLong(maxBytes);
  }
  if (held > 0) throw new BrokenStream('the stream ended in the middle of a line');
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch (cause) {
    throw new BrokenStream('a line of the stream is no JSON', { cause });
  }
}

function tooLong(maxBytes: number): BrokenStream {
  return new BrokenStream(`a line of the stream is longer than ${maxBytes} bytes`);
}
