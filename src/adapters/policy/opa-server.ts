import { z } from 'zod';
import type { PolicyAnswer } from '../../domain/policy/policy-answer.ts';
import type { PolicyInput } from '../../domain/policy/policy-input.ts';
import { UnavailableError } from '../../errors.ts';
import { createHttp, unreachable } from '../http.ts';

/** An Open Policy Agent as it is reached. */
export interface OpaServer {
  url: string;
  authorization?: string | undefined;
  /** Path of the rule that is asked for, `release/decision`. */
  decision: string;
  /** For the whole exchange. */
  timeoutMs: number;
}

/** A decision is a few sentences. */
const MAX_BYTES = 1024 * 1024;

const Provenance = z.object({
  revision: z.string().optional(),
  bundles: z.record(z.string(), z.object({ revision: z.string().default('') })).optional(),
});

/** `result` is absent when the rule is undefined. Source: https://www.openpolicyagent.org/docs/rest-api#data-api */
const Answer = z.object({ result: z.unknown().optional(), provenance: Provenance.optional() });
const Fault = z.object({ code: z.string(), message: z.string() });

/** Asks a server by the Data API, with the revisions of the bundles that it decided by. */
export async function askOpaServer(
  { url, authorization, decision, timeoutMs }: OpaServer,
  input: PolicyInput,
): Promise<PolicyAnswer> {
  const path = decision.split('/').map(encodeURIComponent).join('/');
  const address = new URL(`v1/data/${path}?provenance=true`, url.endsWith('/') ? url : `${url}/`);
  const answer = await createHttp({ timeoutMs, maxBytes: MAX_BYTES })
    .post<string>(address.toString(), JSON.stringify({ input }), {
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    })
    .catch((error: unknown) => {
      throw unreachable('the policy server', error);
    });
  const body = parsed(answer.data);
  if (answer.status === 429 || answer.status === 502 || answer.status === 503 || answer.status === 504)
    throw new UnavailableError(`the policy server answers ${answer.status}`);
  if (answer.status !== 200) {
    const fault = Fault.safeParse(body);
    return {
      kind: 'refused',
      says: fault.success ? `${fault.data.code}: ${fault.data.message}` : `status ${answer.status}`,
    };
  }
  const read = Answer.safeParse(body);
  if (!read.success)
    return { kind: 'refused', says: 'the policy server answers with something else than OPA does' };
  const revision = revisionOf(read.data.provenance);
  return read.data.result === undefined
    ? { kind: 'undefined', revision }
    : { kind: 'decided', result: read.data.result, revision };
}

function revisionOf(provenance: z.output<typeof Provenance> | undefined): string {
  const bundles = Object.entries(provenance?.bundles ?? {});
  const named = bundles.map(
    ([name, { revision }]) => `${name}@${revision === '' ? 'without a revision' : revision}`,
  );
  return named.sort().join(', ') || provenance?.revision || 'OPA without a revision';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
