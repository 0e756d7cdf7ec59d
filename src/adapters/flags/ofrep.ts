import { createHash } from 'node:crypto';
import { z } from 'zod';
import { askProvider, type ProviderAnswer, type ReachedProvider, shaped } from './ask-provider.ts';
import { type ProviderApi, placeWords } from './provider-api.ts';

/** Somebody whom no rule should know: what they get is what everybody gets. */
const ANYBODY = 'signalbox-anybody';

/** A key that nobody has: whoever says that it is not there has let us in. */
const NO_FLAG = 'signalbox-check';

/** Source: open-feature/protocol, `service/openapi.yaml`. */
const Evaluated = z.object({ value: z.json().optional(), reason: z.string().optional() });
const Failed = z.object({ errorCode: z.string(), errorDetails: z.string().optional() });

/**
 * OFREP, the remote evaluation of OpenFeature: it tells what somebody gets, and has no way to change it. There is one address for
 * each environment, so that the project and the environment are only words here.
 */
export const ofrep: ProviderApi = {
  async read(provider, ref) {
    const answer = await evaluate(provider, ref.key);
    if (answer.status === 404) return { kind: 'missing', says: `${provider.name} has no ${placeWords(ref)}` };
    if (answer.status !== 200)
      return {
        kind: 'refused',
        says: `${provider.name} answers ${answer.status} for ${placeWords(ref)}: ${says(answer)}`,
      };
    const { value, reason } = shaped(provider.name, Evaluated, answer);
    const on = reason !== 'DISABLED';
    // What one person gets is not what everybody gets while it is split.
    const known = value !== undefined && reason !== 'SPLIT';
    return {
      kind: 'seen',
      seen: {
        setting: {
          on: on && value !== false,
          ...(known && { value }),
          ...(known && typeof value === 'boolean' && { share: value ? 100 : 0 }),
          audience: [],
        },
        revision: createHash('sha256')
          .update(JSON.stringify([value, reason]))
          .digest('hex')
          .slice(0, 16),
      },
    };
  },

  async set(provider, { ref }) {
    const says = `${provider.name} is read over OFREP, which changes nothing: set ${ref.key} at its vendor`;
    return { kind: 'refused', why: 'forbidden', says };
  },

  async access(provider) {
    const answer = await evaluate(provider, NO_FLAG);
    const known = answer.status === 200 || (answer.status === 404 && Failed.safeParse(answer.body).success);
    return known
      ? { kind: 'reads', says: 'flags can be read; OFREP has no way to set them' }
      : { kind: 'refused', says: `${provider.name} answers ${answer.status}: ${says(answer)}` };
  },
};

function evaluate(provider: ReachedProvider, key: string): Promise<ProviderAnswer> {
  return askProvider(provider, {
    method: 'POST',
    path: `ofrep/v1/evaluate/flags/${encodeURIComponent(key)}`,
    body: { context: { targetingKey: ANYBODY } },
  });
}

function says({ body }: ProviderAnswer): string {
  const read = Failed.safeParse(body);
  return read.success
    ? `${read.data.errorCode} ${read.data.errorDetails ?? ''}`.trim().slice(0, 300)
    : 'no reason given';
}
