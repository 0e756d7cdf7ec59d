import { z } from 'zod';
import type { KnownContent } from '../content.ts';
import { own } from '../document/own.ts';
import type { ServiceName } from '../ids.ts';
import type { Plan } from '../plan/plan.ts';
import type { ShownRow } from './exemption.ts';

/** How much could go wrong, in points with what each is for. It decides nothing: it is shown to whoever approves. */
export const Risk = z.strictObject({
  level: z.enum(['low', 'medium', 'high']),
  points: z.int().nonnegative(),
  parts: z.array(
    z.strictObject({
      part: z.enum(['size', 'age', 'tier', 'migrations', 'history', 'exemptions']),
      points: z.int().positive(),
      /** Without its full stop. */
      says: z.string(),
    }),
  ),
});
export type Risk = z.infer<typeof Risk>;
type Part = Risk['parts'][number];

/** An earlier release of the environment, and how it ended. */
export interface PastRelease {
  services: readonly ServiceName[];
  /** It went back whole or in part, or failed. */
  wentBack: boolean;
}

export interface RiskInput {
  plan: Plan;
  /** Trusted contents of the environment, newest first. */
  known: Readonly<Record<ServiceName, readonly KnownContent[]>>;
  /** Of the document; what this version does not run counts too. */
  migrations: number;
  rows: readonly ShownRow[];
  /** Newest first; those that never began are left out. */
  history: readonly PastRelease[];
  /** Milliseconds since 1970. */
  now: number;
}

/** From how many points on. A single tier-3 service that moves every day has none. */
const LEVELS = { medium: 3, high: 6 } as const;

const DAY_MS = 24 * 3600 * 1000;

/** Adds up what is known to make releases fail. Source of the parts: seeds 002 and 004 (size, age, pairs that were stable). */
export function riskOf(input: RiskInput): Risk {
  const parts = [
    sizePart(input),
    agePart(input),
    tierPart(input),
    migrationsPart(input),
    historyPart(input),
    exemptionsPart(input),
  ].filter((part) => part !== undefined);
  const points = parts.reduce((sum, part) => sum + part.points, 0);
  const level = points >= LEVELS.high ? 'high' : points >= LEVELS.medium ? 'medium' : 'low';
  return { level, points, parts: parts.toSorted((a, b) => b.points - a.points) };
}

function sizePart({ plan }: RiskInput): Part | undefined {
  const size = Object.keys(plan.services).length;
  const points = size > 10 ? 3 : size > 5 ? 2 : size > 2 ? 1 : 0;
  return partOf('size', points, `${size} services at once`);
}

/** The longer nothing was released, the more has piled up. */
function agePart({ plan, known, now }: RiskInput): Part | undefined {
  const ages = Object.keys(plan.services).map((service) => {
    const last = own(known, service)?.[0];
    return last === undefined ? undefined : Math.floor((now - Date.parse(last.at)) / DAY_MS);
  });
  const fresh = ages.filter((age) => age === undefined).length;
  if (fresh > 0)
    return partOf('age', 2, `${fresh === 1 ? 'a service' : `${fresh} services`} never seen here before`);
  const oldest = Math.max(0, ...ages.map((age) => age ?? 0));
  return partOf(
    'age',
    oldest > 30 ? 2 : oldest > 7 ? 1 : 0,
    `${oldest} days since the last change of a service`,
  );
}

function tierPart({ plan }: RiskInput): Part | undefined {
  const critical = Object.values(plan.services).filter(({ tier }) => tier <= 1);
  const [most] = critical.map(({ tier }) => tier).toSorted();
  if (most === undefined) return undefined;
  const words =
    critical.length === 1 ? `a tier-${most} service` : `${critical.length} services of tier 0 or 1`;
  return partOf('tier', (most === 0 ? 2 : 1) + (critical.length > 1 ? 1 : 0), words);
}

function migrationsPart({ migrations }: RiskInput): Part | undefined {
  return partOf(
    'migrations',
    migrations > 0 ? 2 : 0,
    migrations === 1 ? 'a migration' : `${migrations} migrations`,
  );
}

/** Services that failed together fail together again; alone, a service stands for itself. */
function historyPart({ plan, history }: RiskInput): Part | undefined {
  const pairs = pairsOf(Object.keys(plan.services).toSorted());
  const worst = pairs
    .map((pair) => {
      const together = history.filter(({ services }) => pair.every((service) => services.includes(service)));
      return { pair, of: together.length, bad: together.filter(({ wentBack }) => wentBack).length };
    })
    .toSorted((a, b) => b.bad - a.bad)[0];
  if (worst === undefined || worst.bad === 0) return undefined;
  const { pair, of, bad } = worst;
  return partOf('history', bad > 1 ? 3 : 2, `${pair.join(' with ')} went back ${bad} of ${of} times`);
}

function exemptionsPart({ rows }: RiskInput): Part | undefined {
  const open = rows.filter(({ outcome }) => outcome === 'exempted').length;
  return partOf('exemptions', Math.min(open, 3), open === 1 ? 'an exemption' : `${open} exemptions`);
}

function pairsOf(services: readonly ServiceName[]): ServiceName[][] {
  if (services.length === 1) return services.map((service) => [service]);
  return services.flatMap((one, index) => services.slice(index + 1).map((other) => [one, other]));
}

function partOf(part: Part['part'], points: number, says: string): Part | undefined {
  return points > 0 ? { part, points, says } : undefined;
}
