import { concerns, type SourceAnswer } from '../domain/incident/open-alert.ts';
import type { GateQuestion } from '../domain/release/look.ts';
import type { Gate, GatePorts, Measured } from './gate.ts';

/** As many are named; the rest is counted. */
const MOST_NAMED = 3;

/** Nothing is shipped into a burning house: open incidents of our own record, and what those who are called have open. */
export const incidentGate = {
  type: 'incident',
  async measure(
    { service }: GateQuestion,
    { at, environment }: { at: number; environment: string },
    { alerts, openIncidents }: Pick<GatePorts, 'alerts' | 'openIncidents'>,
  ): Promise<Measured> {
    const [answers, own] = await Promise.all([alerts.open(), openIncidents()]);
    const mine = own
      .filter((incident) => incident.environment === undefined || incident.environment === environment)
      .map(({ id, title }) => `${id} ${title}`);
    const theirs = answers.flatMap((answer) =>
      answer.kind === 'told'
        ? answer.alerts
            .filter((alert) => concerns(alert, { service, environment }))
            .map(({ title }) => `${title} (${answer.source})`)
        : [],
    );
    const open = [...mine, ...theirs];
    const away = answers.flatMap((answer) => (answer.kind === 'unknown' ? [answer.says] : []));
    const doubts = doubtsOf(answers, service);
    const query = ['the record', ...answers.map(({ source }) => source)].join(', ');
    const measured = (outcome: 'pass' | 'fail' | 'error', note: string): Measured => ({
      measurement: { at: new Date(at).toISOString(), outcome, note },
      query: `open incidents of ${query}`,
      ...(outcome === 'pass' && doubts.length > 0 && { advice: doubts.join('; ') }),
    });
    if (open.length > 0) return measured('fail', `${open.length} open: ${named(open)}`);
    if (away.length > 0) return measured('error', away.join('; '));
    return measured('pass', `nothing open at ${query}`);
  },
} satisfies Gate;

function named(open: readonly string[]): string {
  const more = open.length - MOST_NAMED;
  return [...open.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

function doubtsOf(answers: readonly SourceAnswer[], service: string): string[] {
  return answers.flatMap((answer) =>
    answer.kind === 'told'
      ? answer.doubts
          .filter((doubt) => doubt.service === undefined || doubt.service === service)
          .map(({ says }) => says)
      : [],
  );
}
