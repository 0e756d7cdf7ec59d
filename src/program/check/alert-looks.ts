import type { Config } from '../../config/schema.ts';
import type { Alerts } from '../../ports/alerts.ts';
import { fault, type Look, ok, warning } from './finding.ts';

const FIX = 'See that alerting has the right address, token and matchers, and that this machine reaches it.';

/** Everybody who is asked for open incidents answers, and would hear of one. */
export function alertLooks({ alerting }: Pick<Config, 'alerting'>, alerts: Alerts): Look[] {
  if (alerting.alertmanager === undefined && alerting.pagerDuty === undefined) return [];
  return [
    {
      area: 'Alerting',
      about: 'open incidents',
      fix: FIX,
      look: async () =>
        (await alerts.open()).flatMap((answer) =>
          answer.kind === 'unknown'
            ? [fault(answer.says, FIX)]
            : [
                ok(`${answer.source} answers, ${answer.alerts.length} open`),
                ...answer.doubts.map(({ says }) =>
                  warning(says, 'End the maintenance, or take the service out of alerting.pagerDuty.'),
                ),
              ],
        ),
    },
  ];
}
