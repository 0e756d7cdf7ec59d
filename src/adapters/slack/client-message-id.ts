import { createHash } from 'node:crypto';

/** Our own name space for RFC 9562 version 5 ids; drawn once, never changed: the same operation must have the same id for ever. */
const NAMESPACE = Buffer.from('6b1f8a52b1c84e0e9d0b5f1c3a7e2d94', 'hex');

/**
 * The UUID (version 5, https://www.rfc-editor.org/rfc/rfc9562#section-5.5) of an operation, sent as `client_msg_id`. Slack does
 * not document the argument but refuses a second message under it; message metadata is what we rely on.
 */
export function clientMessageId(operation: string): string {
  const hash = createHash('sha1').update(NAMESPACE).update(operation).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
