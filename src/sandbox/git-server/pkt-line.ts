/** The end of a list of lines. Source: https://git-scm.com/docs/protocol-common#_pkt_line_format */
const FLUSH = '0000';

/** A line with its length in front, as Git's wire protocol has it. */
function pktLine(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from((payload.length + 4).toString(16).padStart(4, '0')), payload]);
}

/** One reference that a push asks to move. */
export interface RefUpdate {
  from: string;
  to: string;
  ref: string;
}

/** The commands at the head of a push's body; what follows them is the pack. Source: https://git-scm.com/docs/pack-protocol#_reference_update_request_and_packfile_transfer */
export function readRefUpdates(body: Buffer): RefUpdate[] {
  const updates: RefUpdate[] = [];
  for (let at = 0; ; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (!(length > 4)) return updates;
    const [command = ''] = body.toString('utf8', at + 4, at + length).split('\0');
    const [from = '', to = '', ref = ''] = command.trim().split(' ');
    updates.push({ from, to, ref });
    at += length;
  }
}

/**
 * The answer of a server that took the pack and declined each reference: what it says goes to the person's terminal by the second
 * band, the report by the first. A repository's own hooks can only ever report "hook declined"; hosts have words of their own.
 * Source: https://git-scm.com/docs/pack-protocol#_report_status
 */
export function declineReport(
  updates: readonly RefUpdate[],
  words: { says: readonly string[]; reason: string },
): Buffer {
  const report = Buffer.concat([
    pktLine(Buffer.from('unpack ok\n')),
    ...updates.map(({ ref }) => pktLine(Buffer.from(`ng ${ref} ${words.reason}\n`))),
    Buffer.from(FLUSH),
  ]);
  const says = Buffer.from(words.says.map((line) => `${line}\n`).join(''));
  return Buffer.concat([band(2, says), band(1, report), Buffer.from(FLUSH)]);
}

function band(number: 1 | 2, payload: Buffer): Buffer {
  return pktLine(Buffer.concat([Buffer.from([number]), payload]));
}
