import type { SourceAnswer } from '../../../src/domain/incident/open-alert.ts';
import type { Alerts } from '../../../src/ports/alerts.ts';

/** The in-memory twin of those who are called; whoever drives it changes what they say. Absent: nobody is configured. */
export function createMemoryAlerts(open: () => SourceAnswer[] = () => []): Alerts {
  return {
    async open() {
      return open();
    },
  };
}
