import { z } from 'zod';
import type { Component } from '../../domain/adoption/backstage.ts';
import { durationInWords } from '../../domain/gate/duration.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Components } from '../../ports/components.ts';
import type { Ports } from '../../ports/ports.ts';

/** What Backstage says, as far as it is known: what it said last counts for as long as it cannot be asked. */
export interface KnownComponents {
  /** Asks it when that is due. Throws `UnavailableError` only when it has never answered. */
  current(): Promise<readonly Component[]>;
  /** Why what is known may be old, or incomplete; absent while it is neither. */
  trouble(): string | undefined;
}

const Kept = z.object({
  /** When it was said, in milliseconds since 1970. */
  at: z.number(),
  components: z.array(
    z.object({
      name: z.string(),
      owner: z.string().optional(),
      tier: z.number().optional(),
      dependsOn: z.array(z.string()),
      system: z.string().optional(),
      applications: z.array(z.string()),
      image: z.string().optional(),
      environments: z.array(z.string()).optional(),
      file: z.string(),
    }),
  ),
});
type Kept = z.infer<typeof Kept>;

const KEY = 'backstage:components';
/** Over a restart in the middle of a long outage. */
const KEEP_MS = 30 * 24 * 3600_000;
/** Names of components that cannot be used; the rest is counted. */
const NAMED = 3;

export function rememberComponents(
  backstage: Components,
  { clock, scratch }: Pick<Ports, 'clock' | 'scratch'>,
  { refreshMs }: { refreshMs: number },
): KnownComponents {
  let last: Kept | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  let away: string | undefined;
  let unusable: readonly { name: string; says: string }[] = [];

  const ask = async (): Promise<void> => {
    askedAt = clock.now();
    try {
      const read = await backstage.read();
      last = {
        at: askedAt,
        components: read.components.map((one) => Kept.shape.components.element.parse(one)),
      };
      unusable = read.unusable;
      away = undefined;
      await scratch.put(KEY, last, KEEP_MS);
    } catch (error) {
      if (!(error instanceof UnavailableError || error instanceof TerminalError)) throw error;
      away = error.message.replace(/\.$/, '');
      last ??= Kept.safeParse(await scratch.get(KEY)).data;
    }
  };

  return {
    async current() {
      if (clock.now() - askedAt >= refreshMs) {
        asking ??= ask().finally(() => {
          asking = undefined;
        });
      }
      await asking;
      if (last !== undefined) return last.components.map(asComponent);
      throw new UnavailableError(`the catalog is not complete: ${away ?? 'Backstage has not answered yet'}`);
    },
    trouble() {
      if (away !== undefined && last !== undefined) {
        const age = durationInWords(Math.max(0, clock.now() - last.at));
        return `Backstage cannot be asked (${away}): owners, tiers and dependencies are as it said ${age} ago.`;
      }
      if (unusable.length === 0) return undefined;
      const named = unusable.slice(0, NAMED).map(({ name, says }) => `${name} (${says})`);
      const more = unusable.length - named.length;
      return `Components of Backstage that cannot be used: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
    },
  };
}

function asComponent({ owner, tier, ...rest }: Kept['components'][number]): Component {
  return { ...rest, owner, tier };
}
