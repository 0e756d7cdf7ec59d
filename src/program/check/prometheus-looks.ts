import type { Config } from '../../config/schema.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { systemClock } from '../open-stores.ts';
import { fault, type Look, ok } from './finding.ts';

const ANSWER_WITHIN_MS = 5_000;
/** Answered with nothing, at no cost, by whatever speaks the query API. */
const NEEDS_NO_DATA = 'signalbox_check';

/** Every Prometheus answers a query that needs no data. */
export function prometheusLooks({ prometheus }: Pick<Config, 'prometheus'>, metrics: Metrics): Look[] {
  return Object.keys(prometheus).map((name) => {
    const fix = `See that prometheus.${name} has the right address and token, and that this machine reaches it.`;
    return {
      area: 'Prometheus',
      about: name,
      fix,
      look: async () => {
        const query = {
          prometheus: name,
          promql: NEEDS_NO_DATA,
          at: systemClock.now(),
          timeoutMs: ANSWER_WITHIN_MS,
        };
        const answer = await metrics.queryInstant(query);
        return answer.kind === 'series'
          ? [ok(`${name} answers`)]
          : [fault(`${name}: ${answer.message}`, fix)];
      },
    };
  });
}
