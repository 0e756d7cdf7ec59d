import type { BlockFault } from '../blocks/rules.ts';

/** A refusal in Slack's words. */
export interface Refused {
  readonly kind: 'refused';
  readonly error: string;
  /** Lines of `response_metadata.messages`. */
  readonly messages: readonly string[];
  /** Further fields of the answer: `needed` and `provided` of `missing_scope`. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What a Web API method answers. */
export type MethodAnswer =
  | { readonly kind: 'ok'; readonly body: Readonly<Record<string, unknown>> }
  | Refused;

/** A refusal. `error` is a name from the method's page in Slack's reference. */
export function refuse(
  error: string,
  detail: { messages?: readonly string[]; extra?: Readonly<Record<string, unknown>> } = {},
): Refused {
  return { kind: 'refused', error, messages: detail.messages ?? [], extra: detail.extra ?? {} };
}

/** A refusal that points into blocks or a view, as Slack writes it. */
export function refuseBlocks(error: string, faults: readonly BlockFault[]): Refused {
  const lines = faults.map(({ reason, pointer }) => `${reason} [json-pointer:${pointer}]`);
  return refuse(error, { messages: lines.map((line) => `[ERROR] ${line}`), extra: { errors: lines } });
}

/** An answer that says `ok`. */
export function ok(body: Readonly<Record<string, unknown>> = {}): MethodAnswer {
  return { kind: 'ok', body };
}

/** The JSON of an answer. */
export function answerBody(answer: MethodAnswer): Record<string, unknown> {
  if (answer.kind === 'ok') return { ok: true, ...answer.body };
  const metadata = answer.messages.length > 0 ? { response_metadata: { messages: answer.messages } } : {};
  return { ok: false, error: answer.error, ...answer.extra, ...metadata };
}
