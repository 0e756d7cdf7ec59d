import type { PersonId } from '../../../src/domain/ids.ts';
import type { AcceptedRequest, Request, RequestKind } from '../../../src/domain/request.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { Answer, Button, Message } from '../../../src/ports/message.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import type { Draw } from '../world/draw.ts';
import type { VirtualTime } from '../world/virtual-time.ts';

/** Something a person can see and press. */
export interface Shown {
  message: Message;
  /** Absent: everybody in the channel sees it. */
  person?: PersonId;
}

/** Where people ask, as Slack's end of the program is. */
export interface Desk {
  /** Sends it once, or as often as a bad line does. */
  ask(person: PersonId, request: Request): void;
  /** Everything that was ever shown, oldest first. */
  readonly shown: readonly Shown[];
  show(shown: Shown): void;
  /** What the program answers a person: forms are sent in most of the time, choices made. */
  onAnswer(person: PersonId, answer: Answer): void;
  /** How many acts were sent. */
  readonly sent: number;
}

interface DeskOptions {
  time: VirtualTime;
  draw: Draw;
  /** The web process, at the end of its own line. */
  ports: Pick<Ports, 'inbox' | 'bells'>;
  /** Whether the line to the program sends things twice now. */
  isStormy(): boolean;
}

/** As `takeIn` has them: what is asked of recovery's own workers. */
const URGENT: ReadonlySet<RequestKind> = new Set(['abort', 'rollback', 'rollbackPlan']);

/** How often a person sends in a form, or answers a question, that was put to them. */
const ANSWERS_RATIO = 0.8;

export function openDesk({ time, draw, ports, isStormy }: DeskOptions): Desk {
  const shown: Shown[] = [];
  let sent = 0;
  const deliver = async (request: AcceptedRequest): Promise<void> => {
    try {
      if ((await ports.inbox.accept(request)) !== 'accepted') return;
      const urgent = URGENT.has(request.request.kind) ? { urgent: true } : {};
      await ports.bells.ring({ kind: 'request', id: request.id, ...urgent });
    } catch (error) {
      // The person is told that nothing can be promised; a lost ring is made up for by the sweep.
      if (!(error instanceof UnavailableError)) throw error;
    }
  };
  const ask = (person: PersonId, request: Request): void => {
    sent += 1;
    const delivery = `delivery-${sent}`;
    const accepted: AcceptedRequest = {
      id: delivery,
      receivedAt: new Date(time.now()).toISOString(),
      principal: person,
      via: 'slack',
      request,
      replyTo: { kind: 'slack', user: person, responseUrl: delivery },
    };
    void deliver(accepted);
    const again = isStormy() && draw.happens(0.08) ? [draw.integer(0, 30), draw.integer(500, 9_000)] : [];
    for (const ms of again) time.at(time.now() + ms, () => void deliver(accepted));
  };
  const later = (person: PersonId, does: Request): void =>
    time.at(time.now() + draw.integer(200, 4_000), () => ask(person, does));
  return {
    ask,
    shown,
    show: (one) => void shown.push(one),
    onAnswer(person, answer) {
      if (answer.kind === 'file') return;
      const message = answer.kind === 'form' ? answer.form.message : answer.message;
      shown.push({ message, person });
      if (!draw.happens(ANSWERS_RATIO)) return;
      const buttons = buttonsOf(message).filter(({ does }) => does.kind !== 'incidentForm');
      const does = answer.kind === 'form' ? answer.form.submit?.does : choiceOf(buttons, draw);
      if (does) later(person, does);
    },
    get sent() {
      return sent;
    },
  };
}

function choiceOf(buttons: readonly Pressable[], draw: Draw): Request | undefined {
  return buttons.length > 0 ? draw.pick(buttons).does : undefined;
}

/** A button that asks for something. */
export type Pressable = Extract<Button, { does: Request }>;

/** The buttons of a message that ask for something. */
export function buttonsOf(message: Message): Pressable[] {
  return message.blocks
    .flatMap((block) => {
      if (block.kind === 'buttons') return block.buttons;
      return block.kind === 'section' && block.button ? [block.button] : [];
    })
    .filter((button): button is Pressable => 'does' in button);
}
