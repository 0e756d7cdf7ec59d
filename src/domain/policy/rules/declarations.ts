import type { WrittenRollout } from '../../manifest/rollout-schema.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { AskedManifest } from './asked-manifest.ts';

/** The tier from which on what is missing is advice. Source of the tiers: seed 000_e3aaf332e5f161c4.txt. */
const INTERNAL_TIER = 3;

type Strategy = WrittenRollout['strategy'];

/** Ways to bring out a service that can be stopped before everybody has it, for critical services and for the usual ones. */
const PROGRESSIVE: Readonly<Record<'critical' | 'usual', readonly Strategy[]>> = {
  critical: ['canary', 'blueGreen'],
  usual: ['canary', 'blueGreen', 'batch'],
};

/** `health-checks-declared`: each service says where it tells that it lives and that it is ready. */
export function healthChecksDeclared(asked: AskedManifest): Finding[] {
  return perService(asked, ({ name, healthChecks = {} }) => {
    const missing = (['liveness', 'readiness'] as const).filter((one) => !healthChecks[one]?.trim());
    if (missing.length === 0) return undefined;
    return {
      rule: 'health-checks-declared',
      says: `${name} declares no ${missing.join(' and no ')} check`,
      remedy:
        'Say under healthChecks, such as liveness: /healthz and readiness: /readyz; the cut refuses it until it is carried out.',
    };
  });
}

/** `rollout-strategy-declared`: each service says how it is brought out. */
export function rolloutStrategyDeclared(asked: AskedManifest): Finding[] {
  return perService(asked, ({ name, rollout }) =>
    rollout === undefined
      ? {
          rule: 'rollout-strategy-declared',
          says: `${name} does not say how it is brought out`,
          remedy: 'Say rollout: { strategy: canary } or blueGreen, as its Rollout in Git has it.',
        }
      : undefined,
  );
}

/** `progressive-required`: what matters can be stopped before everybody has it. Where nothing is declared, another rule says so. */
export function progressiveRequired({ document, manifest, tierOf }: AskedManifest): Finding[] {
  return Object.entries(manifest.spec.services).flatMap(([name, { rollout }]) => {
    const tier = tierOf(name);
    if (rollout === undefined || tier >= INTERNAL_TIER) return [];
    const allowed = PROGRESSIVE[tier <= 1 ? 'critical' : 'usual'];
    if (allowed.includes(rollout.strategy)) return [];
    return [
      findingAt(document, {
        rule: 'progressive-required',
        path: ['spec', 'services', name, 'rollout', 'strategy'],
        says: `${name} is tier ${tier}, and is brought out by ${rollout.strategy}`,
        remedy: `Use ${allowed.join(' or ')}.`,
      }),
    ];
  });
}

type Service = AskedManifest['manifest']['spec']['services'][string];

function perService(
  { document, manifest, tierOf }: AskedManifest,
  judge: (service: Service & { name: string }) => Pick<Finding, 'rule' | 'says' | 'remedy'> | undefined,
): Finding[] {
  return Object.entries(manifest.spec.services).flatMap(([name, service]) => {
    const words = judge({ ...service, name });
    if (words === undefined) return [];
    const severity = tierOf(name) >= INTERNAL_TIER ? 'warn' : 'error';
    return [findingAt(document, { ...words, severity, path: ['spec', 'services', name] })];
  });
}
