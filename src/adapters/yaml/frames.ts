const HEAD_BYTES = 4;

/** A value as JSON behind its length in bytes (four of them, big-endian), so that no character of it can end the message. */
export function frame(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

/** Puts frames together again from the pieces a stream arrives in. Call the answer with each piece. Throws on what is not JSON. */
export function frameReader(receive: (value: unknown) => void): (piece: Buffer) => void {
  let pieces: Buffer[] = [];
  let length = 0;
  let wanted = HEAD_BYTES;
  return (piece) => {
    pieces.push(piece);
    length += piece.length;
    while (length >= wanted) {
      const all = Buffer.concat(pieces);
      const end = HEAD_BYTES + all.readUInt32BE();
      pieces = [all];
      wanted = end;
      if (length < end) return;
      pieces = [all.subarray(end)];
      length -= end;
      wanted = HEAD_BYTES;
      receive(JSON.parse(all.toString('utf8', HEAD_BYTES, end)));
    }
  };
}
