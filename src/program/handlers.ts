import type { Logger } from 'pino';
import { commands } from '../../commands/registry.ts';
import type { IncidentId, ReleaseId } from '../domain/ids.ts';
import { IncidentId as IncidentIdShape } from '../domain/ids.ts';
import type { Rules } from '../domain/rules.ts';
import { gates } from '../gates/registry.ts';
import type { CatalogSource } from '../jobs/cut/catalog-source.ts';
import { reconcileFlags } from '../jobs/flags/reconcile-flags.ts';
import { handleRequest } from '../jobs/handle-request.ts';
import { reconcileIncident } from '../jobs/incidents/place-incident.ts';
import { speakOfIncident } from '../jobs/incidents/speak-of-incident.ts';
import { reconcileRelease } from '../jobs/reconcile-release.ts';
import { speakOfRelease } from '../jobs/speak.ts';
import type { BellHandlers } from '../ports/bells.ts';
import type { Ports } from '../ports/ports.ts';
import type { Role } from './roles.ts';

/** What answers bells in this process, by its roles. */
export function handlersFor(
  roles: readonly Role[],
  { ports, rules, catalog, log }: { ports: Ports; rules: Rules; catalog: CatalogSource; log: Logger },
): BellHandlers {
  const context = { rules, gates, catalog };
  const desk = { ports, rules, catalog, commands };
  const request = (bell: { id: string }) =>
    handleRequest(desk, bell.id, ({ id, request: kind, error }) =>
      log.error({ err: error, defect: id, kind }, 'a request met a defect'),
    );
  const release = (bell: { release: ReleaseId }) => reconcileRelease(ports, context, bell.release);
  const speak = (bell: { subject: ReleaseId | IncidentId }) => {
    const incident = IncidentIdShape.safeParse(bell.subject);
    return incident.success
      ? speakOfIncident(ports, rules, incident.data)
      : speakOfRelease(ports, rules, bell.subject as ReleaseId);
  };
  const worker: BellHandlers = {
    request,
    release,
    speak,
    incident: (bell) => reconcileIncident(ports, rules, bell.incident),
  };
  // An urgent request asks for recovery, and comes through recovery's own queue.
  const recovery: BellHandlers = {
    request,
    recovery: release,
    flags: (bell) => reconcileFlags(ports, rules, bell.environment),
  };
  return { ...(roles.includes('recovery') && recovery), ...(roles.includes('worker') && worker) };
}
