import type { Logger } from 'pino';
import type { Request } from '../../../domain/request.ts';
import { UnavailableError } from '../../../errors.ts';
import { type Bells, bellOfRequest } from '../../../ports/bells.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Inbox } from '../../../ports/inbox.ts';
import type { Message } from '../../../ports/message.ts';
import type { Seen } from '../../../ports/seen.ts';
import { viewNameOf } from '../view-name.ts';
import type { Asked, Heard } from './asked.ts';
import { isFirstTime } from './guard.ts';
import type { Modals } from './modals.ts';
import { withDeadline } from './with-deadline.ts';

/** How whoever asked is answered on the spot; how, depends on what they used. */
export interface Answering {
  /** Of the request as it was sent; absent where there is none. */
  signature: string | undefined;
  /** Their request is written down, or was before. */
  acknowledge(): Promise<void>;
  /** Told at once, instead of being carried out. */
  tell(heard: Extract<Heard, { kind: 'told' }>): Promise<void>;
  /** It cannot be written down now. May throw `UnavailableError` where Slack will send it again. */
  refuse(message: Message): Promise<void>;
}

/** What taking something in needs. */
export interface IntakeParts {
  inbox: Pick<Inbox, 'accept' | 'finish'>;
  bells: Bells;
  seen: Seen;
  modals: Modals;
  clock: Clock;
  /**
   * What a person reads when nothing can be promised: why, and how to do it by hand. `request`: absent when not even what a
   * button does could be found out. `isUnsure`: it may have been written down all the same, and be carried out later.
   */
  offline: (request: Request | undefined, doubt: { isUnsure: boolean }) => Message;
  logger: Pick<Logger, 'warn' | 'error'>;
}

/**
 * Slack waits 3 s for an answer (https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response). Half of
 * that for finding out what was asked and writing it down leaves room for the way there and back.
 */
const DECIDE_WITHIN_MS = 1_500;

/**
 * Takes in what was heard: opens the modal if there is one, writes the request down, then acknowledges, then rings. Nothing is
 * acknowledged that is not durable; what cannot be, is told at once.
 */
export async function takeIn(
  parts: IntakeParts,
  heard: Promise<Heard> | Heard,
  answering: Answering,
): Promise<void> {
  const deadline = parts.clock.now() + DECIDE_WITHIN_MS;
  const left = () => deadline - parts.clock.now();
  let asked: Asked | undefined;
  let opening: Promise<boolean> = Promise.resolve(false);
  try {
    const found = await withDeadline(Promise.resolve(heard), left(), 'finding out what a button does');
    if (found.kind === 'ignored') return await answering.acknowledge();
    if (found.kind === 'told') return await tellOnce(parts, found, answering);
    asked = found.asked;
    opening = open(parts, asked);
    const accepted = await writeDown(parts, asked, left());
    await acknowledge(parts, answering);
    // The answer fills the modal, so it is worked out when there is one, or none is to be expected.
    await opening;
    if (accepted === 'accepted') await ring(parts, asked);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    parts.logger.warn({ err: error, kind: asked?.request.kind }, 'a request could not be accepted');
    const message = parts.offline(asked?.request, { isUnsure: asked !== undefined && error.ambiguous });
    await answering.refuse(message);
    if (asked && (await opening)) await parts.modals.fill(viewNameOf(asked.id), message);
  }
}

/** Sent again, it is acknowledged and not told to anybody. */
async function tellOnce(
  parts: IntakeParts,
  found: Extract<Heard, { kind: 'told' }>,
  answering: Answering,
): Promise<void> {
  const { signature } = answering;
  const first = signature === undefined || (await isFirstTime(parts, signature));
  await (first ? answering.tell(found) : answering.acknowledge());
}

/** What is written down only after the person was told that it could not be, is taken back. */
async function writeDown(
  parts: IntakeParts,
  asked: Asked,
  withinMs: number,
): Promise<'accepted' | 'repeated'> {
  const { inbox, bells, logger } = parts;
  const accepting = inbox.accept(acceptedFrom(parts, asked));
  bells.expect(bellOfRequest(asked));
  try {
    return await withDeadline(accepting, withinMs, 'writing a request down');
  } catch (error) {
    const takeBack = accepting.then((late) => (late === 'accepted' ? inbox.finish(asked.id) : undefined));
    takeBack.catch((cause: unknown) => logger.warn({ err: cause }, 'a late request could not be taken back'));
    throw error;
  }
}

/** It is written down: whether Slack hears of it changes only what the person sees for a moment. */
async function acknowledge({ logger }: IntakeParts, answering: Answering): Promise<void> {
  try {
    await answering.acknowledge();
  } catch (error) {
    logger.warn({ err: error }, 'an acknowledgement did not reach Slack');
  }
}

function acceptedFrom({ clock }: IntakeParts, { id, principal, channel, request, replyTo, opens }: Asked) {
  return {
    id,
    principal,
    request,
    via: 'slack' as const,
    receivedAt: new Date(clock.now()).toISOString(),
    ...(channel === undefined ? {} : { channel }),
    replyTo: opens ? { ...replyTo, view: viewNameOf(id) } : replyTo,
  };
}

/** Whether a modal opened: no when there is none to open, or Slack would not. Never rejects. */
function open({ modals }: IntakeParts, { id, opens, channel }: Asked): Promise<boolean> {
  if (!opens) return Promise.resolve(false);
  return modals.open({ ...opens, externalId: viewNameOf(id), ...(channel === undefined ? {} : { channel }) });
}

/** A lost ring costs time only: the sweep finds what is written down. */
async function ring({ bells, logger }: IntakeParts, { id, request }: Asked): Promise<void> {
  try {
    await bells.ring(bellOfRequest({ id, request }));
  } catch (error) {
    logger.warn({ err: error, id }, 'a bell could not be rung; the sweep will find the request');
  }
}
