import { describe, expect, it } from 'vitest';
import type { IncidentState } from '../../src/domain/incident/incident-state.ts';
import type { SourceAnswer } from '../../src/domain/incident/open-alert.ts';
import { incidentGate } from '../../src/gates/incident.ts';
import { plannedGate } from '../domain/gate/planned.ts';
import { createMemoryAlerts } from '../simulation/ports/memory-alerts.ts';

const told = (more: Partial<Extract<SourceAnswer, { kind: 'told' }>> = {}): SourceAnswer => ({
  kind: 'told',
  source: 'Alertmanager',
  alerts: [],
  doubts: [],
  ...more,
});
const own = (environment?: string): IncidentState => ({
  id: 'INC-3',
  title: 'Checkout is down',
  environment,
  releases: [],
  openedBy: 'slack:T1:UANA',
  openedAt: '2026-11-20T13:00:00.000Z',
  notes: [],
  effects: {},
});

async function measured(answers: SourceAnswer[], incidents: IncidentState[] = []) {
  const gate = plannedGate({ name: 'no-incident', type: 'incident', phase: 'preflight' });
  const question = { gate, service: 'web', namespace: 'prod', stablePodHash: '', moment: { podHash: '' } };
  const { measurement, advice } = await incidentGate.measure(
    question,
    { at: Date.parse('2026-11-20T14:00:00Z'), environment: 'prod' },
    { alerts: createMemoryAlerts(() => answers), openIncidents: async () => incidents },
  );
  return { outcome: measurement.outcome, note: measurement.note, ...(advice !== undefined && { advice }) };
}

const since = '2026-11-20T13:00:00.000Z';

describe('open incidents', () => {
  it('pass when nobody has any, and say who was asked', async () => {
    expect(await measured([told()])).toEqual({
      outcome: 'pass',
      note: 'nothing open at the record, Alertmanager',
    });
  });

  it('fail of our own, of whoever is called, and name a few', async () => {
    const alerts = [1, 2, 3].map((n) => ({ title: `alert ${n}`, since }));
    expect(await measured([told({ alerts })], [own('prod')])).toEqual({
      outcome: 'fail',
      note: '4 open: INC-3 Checkout is down, alert 1 (Alertmanager), alert 2 (Alertmanager), and 1 more',
    });
    expect(await measured([], [own()])).toMatchObject({ outcome: 'fail' });
  });

  it('pass when they are about another environment or another service', async () => {
    const alerts = [
      { title: 'of orders', since, service: 'orders' },
      { title: 'of staging', since, environment: 'staging' },
    ];
    expect(await measured([told({ alerts })], [own('staging')])).toMatchObject({ outcome: 'pass' });
  });

  it('are not known while one of those who are called is away, unless another has one', async () => {
    const away: SourceAnswer = { kind: 'unknown', source: 'PagerDuty', says: "PagerDuty can't be reached" };
    expect(await measured([told(), away])).toEqual({ outcome: 'error', note: "PagerDuty can't be reached" });
    const alerts = [{ title: 'down', since }];
    expect(await measured([told({ alerts }), away])).toMatchObject({ outcome: 'fail' });
  });

  it('pass with a doubt where a service swallows what it is told', async () => {
    const doubts = [
      { service: 'web', says: 'web is in maintenance' },
      { service: 'orders', says: 'no' },
    ];
    expect(await measured([told({ doubts })])).toMatchObject({
      outcome: 'pass',
      advice: 'web is in maintenance',
    });
  });
});
