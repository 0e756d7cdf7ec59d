import type { EnvironmentName, ServiceName } from '../ids.ts';

/** Something that somebody was called for and that is not over. */
export interface OpenAlert {
  title: string;
  /** ISO 8601. */
  since: string;
  /** Where a person sees it. */
  link?: string | undefined;
  /** What it is about; absent: it does not say, and may be about anything. */
  service?: ServiceName | undefined;
  environment?: EnvironmentName | undefined;
}

/** What one source says. `source`: as people know it. */
export type SourceAnswer =
  | {
      kind: 'told';
      source: string;
      alerts: OpenAlert[];
      /** What makes its silence worth less, such as a service in maintenance that swallows alerts. */
      doubts: { service?: ServiceName | undefined; says: string }[];
    }
  | { kind: 'unknown'; source: string; says: string };

/** Whether an alert may be about a service of an environment. What says nothing may be about everything. */
export function concerns(
  alert: Pick<OpenAlert, 'service' | 'environment'>,
  of: { service: ServiceName; environment: EnvironmentName },
): boolean {
  return (
    (alert.service === undefined || alert.service === of.service) &&
    (alert.environment === undefined || alert.environment === of.environment)
  );
}
