import type { Command } from '../../domain/command.ts';
import type { AcceptedRequest, Request, RequestKind } from '../../domain/request.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Person } from '../../ports/directory.ts';
import type { Answer } from '../../ports/message.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CatalogSource } from '../cut/catalog-source.ts';

/** A member of the workspace, as they are now. */
export type Member = Extract<Person, { kind: 'member' }>;

/** Who asked, and how. */
export interface Asker {
  /** Identity of the request; appends carry it, so that carrying it out twice does it once. */
  id: string;
  by: Member;
  /** When it was taken in: nothing that it did is older. */
  receivedAt: string;
  via: AcceptedRequest['via'];
  /** Channel it was asked in; absent outside Slack. */
  channel: string | undefined;
}

/** A request with the person who made it. */
export interface Asked<K extends RequestKind> extends Asker {
  request: Extract<Request, { kind: K }>;
}

/** What every request job gets. Each takes the slice of ports that it uses. */
export interface Desk {
  ports: Ports;
  rules: Rules;
  catalog: CatalogSource;
  commands: readonly Command[];
}

/** A job that carries out one kind of request. */
export type Carry<K extends RequestKind> = (desk: Desk, asked: Asked<K>) => Promise<Answer | undefined>;
