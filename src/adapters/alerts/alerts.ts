import type { SourceAnswer } from '../../domain/incident/open-alert.ts';
import { UnavailableError } from '../../errors.ts';
import type { Alerts } from '../../ports/alerts.ts';
import { type AlertmanagerSource, askAlertmanager } from './alertmanager.ts';
import { askPagerDuty, type PagerDutySource } from './pager-duty.ts';

/** Who can be asked; absent: nobody. */
export interface AlertSources {
  alertmanager?: AlertmanagerSource | undefined;
  pagerDuty?: PagerDutySource | undefined;
}

/** Those who are called when something is wrong, over HTTP. */
export function createAlerts({ alertmanager, pagerDuty }: AlertSources): Alerts {
  return {
    async open() {
      return Promise.all([
        ...(alertmanager ? [orUnknown('Alertmanager', askAlertmanager(alertmanager))] : []),
        ...(pagerDuty ? [orUnknown('PagerDuty', askPagerDuty(pagerDuty))] : []),
      ]);
    },
  };
}

async function orUnknown(source: string, asked: Promise<SourceAnswer>): Promise<SourceAnswer> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UnavailableError) return { kind: 'unknown', source, says: error.message };
    throw error;
  }
}
