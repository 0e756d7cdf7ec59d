import type { AllMiddlewareArgs, AnyMiddlewareArgs, BufferedIncomingMessage } from '@slack/bolt';
import type { Logger } from 'pino';
import { TerminalError, UnavailableError } from '../../../errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Seen } from '../../../ports/seen.ts';
import { withDeadline } from './with-deadline.ts';

/** A signature is good for five minutes before and after; twice that covers every moment at which it could be sent again. */
const REMEMBER_MS = 600_000;
/** Slack's own window (https://docs.slack.dev/authentication/verifying-requests-from-slack); Bolt looks only at the past. */
const MAX_AHEAD_MS = 300_000;
/** Words said twice do no harm: no need to spend on this more than a little of the 3 s. */
const LOOK_WITHIN_MS = 400;

const SIGNATURE = 'slackSignature';
const SIGNED_AT = 'slackSignedAtSeconds';

/** What the guard reads of a request that came by HTTP. Never throws: Bolt calls it where nobody catches. */
export function signatureOf(request: BufferedIncomingMessage): Record<string, unknown> {
  return {
    [SIGNATURE]: request.headers['x-slack-signature'],
    [SIGNED_AT]: Number(request.headers['x-slack-request-timestamp']),
  };
}

/** What an earlier delivery of the same request would have had too; absent for what comes over a socket of ours. */
export function signatureIn(context: Record<string, unknown>): string | undefined {
  const { [SIGNATURE]: signature } = context;
  return typeof signature === 'string' ? signature : undefined;
}

/** Runs before everything else, and refuses a time stamp from the future. */
export function createGuard({ clock }: { clock: Clock }) {
  return async ({ context, next }: AnyMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const { [SIGNED_AT]: signedAt } = context;
    if (signatureIn(context) !== undefined && Number(signedAt) * 1000 - clock.now() > MAX_AHEAD_MS) {
      throw new TerminalError('a request is signed for a time more than five minutes ahead');
    }
    await next();
  };
}

/**
 * Whether a signed request is met for the first time, for what is answered and leaves nothing behind. What is written down needs
 * no such mark: the inbox knows a delivery by its identity, and a second write would be waited for.
 */
export async function isFirstTime(
  { seen, logger }: { seen: Seen; logger: Pick<Logger, 'warn'> },
  signature: string,
): Promise<boolean> {
  try {
    const looking = seen.first(`slack-signature:${signature}`, { forMs: REMEMBER_MS });
    return await withDeadline(looking, LOOK_WITHIN_MS, 'looking for a replay');
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    logger.warn({ err: error }, 'a request could not be compared with earlier ones');
    return true;
  }
}
