import { z } from 'zod';
import type { PactAnswer, PactQuestion } from '../../domain/contract/contract-answer.ts';
import { askKeeper, type Keeper, shaped } from './keeper.ts';

const WHAT = 'pact broker';

/** More rows than a release of sixty services has; the broker's own default is 100, and cuts the rest off silently. */
const MOST_ROWS = 5000;

/** Source: pact_broker, `api/decorators/matrix_decorator.rb`. */
const Matrix = z.object({
  summary: z.object({ deployable: z.boolean().nullable(), reason: z.string() }),
  matrix: z.array(z.unknown()),
});

/**
 * Asks a pact broker about several versions at once: `/matrix` judges them with each other, and with whatever else the environment
 * has. The order of the parameters counts: each `q[][pacticipant]` begins another selector.
 */
export async function askPactBroker(
  broker: Keeper,
  { environment, versions }: PactQuestion,
): Promise<PactAnswer> {
  const selectors = versions.flatMap(({ pacticipant, version }): [string, string][] => [
    ['q[][pacticipant]', pacticipant],
    ['q[][version]', version],
  ]);
  const query = new URLSearchParams([
    ...selectors,
    // One version against everything it meets; several against each other too. As the broker's own client asks.
    ['latestby', versions.length === 1 ? 'cvp' : 'cvpv'],
    ['environment', environment],
    ['limit', String(MOST_ROWS)],
  ]);
  const answer = await askKeeper(WHAT, broker, {
    method: 'GET',
    path: `matrix?${query}`,
    headers: { accept: 'application/hal+json' },
  });
  if (answer.status !== 200)
    return { kind: 'refused', says: refusal(answer.body) ?? `status ${answer.status}` };
  const { summary, matrix } = shaped(WHAT, Matrix, answer);
  if (matrix.length >= MOST_ROWS)
    return { kind: 'refused', says: `more than ${MOST_ROWS} rows: name fewer versions` };
  return { kind: 'judged', deployable: summary.deployable, reason: summary.reason, rows: matrix.length };
}

/** The broker tells what it does not understand as a list, a text, or by field. */
function refusal(body: unknown): string | undefined {
  const words = z.union([z.array(z.string()), z.string(), z.record(z.string(), z.array(z.string()))]);
  const read = z
    .object({ errors: words })
    .or(z.object({ error: z.object({ message: z.string() }) }))
    .safeParse(body);
  if (!read.success) return undefined;
  if ('error' in read.data) return read.data.error.message;
  const { errors } = read.data;
  if (typeof errors === 'string') return errors;
  return (Array.isArray(errors) ? errors : Object.values(errors).flat()).join('; ');
}
