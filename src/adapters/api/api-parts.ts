import type { Logger } from 'pino';
import type { Request } from '../../domain/request.ts';
import type { Grammar } from '../../domain/understand-command.ts';
import type { Answers } from '../../ports/answers.ts';
import type { Bells } from '../../ports/bells.ts';
import type { ButtonStore } from '../../ports/button-store.ts';
import type { Chance, Clock } from '../../ports/clock.ts';
import type { Inbox } from '../../ports/inbox.ts';
import type { Quota } from '../../ports/quota.ts';
import type { Tokens } from '../../ports/tokens.ts';

/** Everything that taking in by HTTP is made of. */
export interface ApiParts {
  grammar: Grammar;
  inbox: Pick<Inbox, 'accept' | 'take'>;
  bells: Bells;
  tokens: Pick<Tokens, 'holder'>;
  quota: Quota;
  answers: Pick<Answers, 'expect' | 'ticket' | 'get'>;
  buttons: Pick<ButtonStore, 'get'>;
  clock: Clock;
  chance: Chance;
  /** What a person reads when nothing can be promised, with how to do it by hand. */
  offline(request: Request | undefined, doubt: { isUnsure: boolean }): string;
  logger: Pick<Logger, 'warn' | 'error'>;
}
