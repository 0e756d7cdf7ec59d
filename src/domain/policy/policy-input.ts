import type { Content } from '../content.ts';
import type { ServiceName } from '../ids.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanInput } from '../plan/plan-input.ts';

/** What a policy of the installation's own is asked with: plain data, as `manifests/samples/policy-input.json` shows it. */
export type PolicyInput = Readonly<Record<string, unknown>>;

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** Everything about a release that a policy may decide on. `now`: milliseconds since 1970. */
export function policyInput(
  { manifest, environment, name }: Pick<PlanInput, 'manifest' | 'environment' | 'name'>,
  { plan, isLast, now }: { plan: Plan; isLast: boolean; now: number },
): PolicyInput {
  const date = new Date(now);
  return {
    release: { name, type: plan.type },
    environment: { name: environment.name, isLast },
    manifest,
    services: Object.fromEntries(
      Object.entries(plan.services).map(([service, planned]) => [
        service,
        serviceInput(service, planned, plan),
      ]),
    ),
    approvals: { required: plan.approvals.required, from: plan.approvals.from },
    makers: plan.makers,
    // In UTC: compiled policies have no calendar of their own.
    now: { at: date.toISOString(), weekday: WEEKDAYS[date.getUTCDay()], hour: date.getUTCHours() },
  };
}

function serviceInput(name: ServiceName, service: Plan['services'][string], { waves }: Plan) {
  const { tier, owner, from, to, dependsOn, gates } = service;
  return {
    tier,
    owner,
    from: from ? contentInput(from) : null,
    to: contentInput(to),
    dependsOn,
    gates: gates.map((gate) => ({ name: gate.name, type: gate.type, required: gate.required })),
    /** Counted from 1. */
    wave: waves.findIndex((wave) => wave.includes(name)) + 1,
  };
}

function contentInput({ images, chartVersion }: Content) {
  return {
    images: Object.fromEntries(
      Object.entries(images).map(([container, { repository, digest, version }]) => [
        container,
        { repository, digest, version: version ?? null },
      ]),
    ),
    chartVersion: chartVersion ?? null,
  };
}
