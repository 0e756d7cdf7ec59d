import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/domain/ids.ts';
import { mrkdwn } from '../../src/domain/text/mrkdwn.ts';
import type { Chat } from '../../src/ports/chat.ts';
import type { Message } from '../../src/ports/message.ts';

/** A chat to be judged, and what people see of it. Ids are the workspace's own. */
export interface ChatUnderTest {
  chat: Chat;
  /** A channel that the bot and `person` are in. */
  channel: string;
  /** Another one. */
  other: string;
  /** One the bot is not in. */
  foreign: string;
  archived: string;
  person: PersonId;
  /** Somebody who is in none of these channels. */
  absent: PersonId;
  /** Milliseconds since 1970, in the time the chat lives in. */
  now(): number;
  /** What stands in a channel, oldest first. */
  reads(channel: string): { ts: string; thread?: string | undefined; words: string }[];
  /** What was said to this person only, wherever. */
  told(person: PersonId): string[];
  home(person: PersonId): string | undefined;
  /** The person writes; the answer is the message's `ts`. */
  says(channel: string, words: string): string;
  /** Somebody takes a message away. */
  remove(channel: string, ts: string): Promise<void>;
  membersOf(channel: string): readonly PersonId[];
  /** The next post is taken, and its answer lost. */
  loseNextAnswer(): void;
  /** The next call into this channel meets the limit. */
  limitNext(channel: string): void;
  /** Nothing can be reached until the answer is called. */
  goAway(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

function message(words: string): Message {
  return { text: words, blocks: [{ kind: 'section', text: mrkdwn`${words}` }] };
}

let operations = 0;
function operation(): string {
  operations += 1;
  return `prod/checkout-2026-11-20.1#say/${operations}`;
}

/** What every chat does. The cases share one workspace. */
export function chatContract(name: string, make: () => Promise<ChatUnderTest>): void {
  describe(`chat, ${name}`, () => {
    let subject: ChatUnderTest;
    let chat: Chat;
    let channel: string;
    beforeAll(async () => {
      subject = await make();
      chat = subject.chat;
    });
    beforeEach(() => {
      channel = subject.channel;
    });
    afterAll(() => subject.close());

    const post = async (words: string, where: { channel?: string; thread?: string } = {}) => {
      const posted = await chat.post({ channel, operation: operation(), message: message(words), ...where });
      if (posted.kind !== 'posted') throw new Error(posted.reason);
      return posted.ts;
    };
    const words = (where = channel) => subject.reads(where).map((seen) => seen.words);
    const count = (text: string, where = channel) =>
      words(where).filter((seen) => seen.includes(text)).length;

    describe('posting', () => {
      it('says it in the channel and tells where it stands', async () => {
        const posted = await chat.post({ channel, operation: operation(), message: message('board one') });
        expect(posted).toMatchObject({ kind: 'posted', channel });
        const seen = subject.reads(channel).find(({ ts }) => posted.kind === 'posted' && ts === posted.ts);
        expect(seen?.words).toContain('board one');
      });

      it('says it in a thread', async () => {
        const thread = await post('the parent');
        const ts = await post('the reply', { thread });
        expect(subject.reads(channel).find((seen) => seen.ts === ts)).toMatchObject({ thread });
      });

      it('says where it cannot be said, and why', async () => {
        for (const where of [subject.foreign, subject.archived]) {
          const posted = await chat.post({
            channel: where,
            operation: operation(),
            message: message('nowhere'),
          });
          expect(posted).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/.{10}/) });
        }
      });

      it('keeps the order of a channel', async () => {
        const all = ['first', 'second', 'third'].map((text) => post(`in order: ${text}`));
        await Promise.all(all);
        const ordered = words().filter((seen) => seen.includes('in order'));
        expect(ordered.map((seen) => seen.replace(/.*: /s, ''))).toEqual(['first', 'second', 'third']);
      });
    });

    describe('finding what was posted', () => {
      it('finds a message whose answer was lost, in the channel and in a thread', async () => {
        for (const thread of [undefined, await post('a parent')]) {
          const op = operation();
          const since = subject.now();
          subject.loseNextAnswer();
          const where = { channel, operation: op, ...(thread === undefined ? {} : { thread }) };
          await expect(chat.post({ ...where, message: message(`lost ${op}`) })).rejects.toMatchObject({
            name: 'UnavailableError',
            ambiguous: true,
          });
          const ts = await chat.find({ ...where, since });
          expect(subject.reads(channel).find((seen) => seen.ts === ts)?.words).toContain(`lost ${op}`);
          expect(count(`lost ${op}`)).toBe(1);
        }
      });

      it('finds nothing where nothing was posted', async () => {
        expect(await chat.find({ channel, operation: operation(), since: subject.now() })).toBeUndefined();
        expect(
          await chat.find({ channel: subject.foreign, operation: operation(), since: subject.now() }),
        ).toBeUndefined();
      });

      it('finds a message among many', async () => {
        const op = operation();
        const since = subject.now();
        await chat.post({ channel, operation: op, message: message('the one') });
        await Promise.all(Array.from({ length: 3 }, (_, i) => post(`another ${i}`)));
        expect(await chat.find({ channel, operation: op, since })).toEqual(
          subject.reads(channel).find((seen) => seen.words.includes('the one'))?.ts,
        );
      });
    });

    describe('editing', () => {
      it('shows the newest of several', async () => {
        const ts = await post('step 0');
        const edits = [1, 2, 3, 4].map((step) =>
          chat.edit({ channel, ts, message: message(`step ${step}`), urgent: false }),
        );
        expect(await Promise.all(edits)).toEqual(Array(4).fill({ kind: 'edited' }));
        expect(subject.reads(channel).find((seen) => seen.ts === ts)?.words).toContain('step 4');
      });

      it('tells when the message is gone', async () => {
        const ts = await post('to be taken away');
        await subject.remove(channel, ts);
        expect(await chat.edit({ channel, ts, message: message('x'), urgent: true })).toEqual({
          kind: 'gone',
        });
      });
    });

    describe('trouble', () => {
      it('of a limit in one channel neither loses nor doubles a message there, nor delays another channel', async () => {
        subject.limitNext(channel);
        const limited = chat
          .post({ channel, operation: operation(), message: message('limited') })
          .catch((error: unknown) => {
            expect(error).toMatchObject({ name: 'UnavailableError', ambiguous: false });
            return post('limited');
          });
        const elsewhere = await Promise.race([
          post('not delayed', { channel: subject.other }).then(() => 'elsewhere'),
          limited.then(() => 'limited'),
        ]);
        await limited;
        expect(elsewhere).toBe('elsewhere');
        expect(count('limited')).toBe(1);
      });

      it('of a workspace that is away is told, and nothing was done', async () => {
        const comeBack = await subject.goAway();
        try {
          const since = subject.now();
          const op = operation();
          await expect(
            chat.post({ channel, operation: op, message: message('into the void') }),
          ).rejects.toMatchObject({ name: 'UnavailableError' });
          await expect(chat.find({ channel, operation: op, since })).rejects.toMatchObject({
            name: 'UnavailableError',
          });
        } finally {
          await comeBack();
        }
        expect(count('into the void')).toBe(0);
      });
    });

    describe('answering a person', () => {
      const address = () => ({ kind: 'slack' as const, user: subject.person.split(':')[2] ?? '', channel });

      it('shows it to them only', async () => {
        await chat.reply(address(), { kind: 'message', message: message('only for you') });
        expect(subject.told(subject.person).at(-1)).toContain('only for you');
        expect(count('only for you')).toBe(0);
      });

      it('reaches them where there is no channel, and where the bot is not in it', async () => {
        const { channel: _, ...direct } = address();
        await chat.reply(direct, { kind: 'message', message: message('directly') });
        await chat.reply(
          { ...address(), channel: subject.foreign },
          { kind: 'message', message: message('still') },
        );
        expect(subject.told(subject.person).slice(-2).join(' ')).toMatch(/directly.* still/s);
      });

      it('shows a form with its message, and a file with its text', async () => {
        const form = {
          title: 'Cut prod',
          message: message('what would go'),
          inputs: [{ kind: 'text' as const, field: 'reason', label: 'Why so' }],
          submit: { label: 'Cut it', does: { kind: 'cutPreview' as const, environment: 'prod' } },
        };
        await chat.reply(address(), { kind: 'form', form });
        expect(subject.told(subject.person).at(-1)).toMatch(/what would go[\s\S]*Why so[\s\S]*Cut it/);
        const file = {
          kind: 'file' as const,
          name: 'INC-1.md',
          text: '# what happened',
          message: message('the export'),
        };
        await chat.reply(address(), file);
        expect(subject.told(subject.person).at(-1)).toMatch(/the export[\s\S]*# what happened/);
      });

      it('answers nobody when nobody waits', async () => {
        const before = subject.told(subject.person).length;
        await chat.reply({ kind: 'none' }, { kind: 'message', message: message('to nobody') });
        expect(subject.told(subject.person)).toHaveLength(before);
      });

      it('whispers, also to somebody who is not in the channel', async () => {
        await chat.whisper({ channel, person: subject.person, message: message('psst') });
        await chat.whisper({ channel, person: subject.absent, message: message('hey you') });
        expect(subject.told(subject.person).at(-1)).toContain('psst');
        expect(subject.told(subject.absent).at(-1)).toContain('hey you');
      });

      it('publishes a home', async () => {
        await chat.publishHome(subject.person, message('runs everywhere'));
        await chat.publishHome(subject.person, message('waits for you'));
        expect(subject.home(subject.person)).toContain('waits for you');
      });
    });

    describe('channels', () => {
      it('are made once, found again, and filled with people', async () => {
        const made = await chat.createChannel('inc-1');
        if (made.kind !== 'created') throw new Error(made.kind);
        expect(await chat.createChannel('inc-1')).toEqual({ kind: 'taken', channel: made.channel });
        await chat.invite(made.channel, [subject.person]);
        await chat.invite(made.channel, [subject.person, subject.absent]);
        expect(subject.membersOf(made.channel)).toEqual(
          expect.arrayContaining([subject.person, subject.absent]),
        );
        await post('the incident begins', { channel: made.channel });
        expect(count('the incident begins', made.channel)).toBe(1);
      });

      it('with a name that may not be are refused', async () => {
        expect(await chat.createChannel('Not A Name')).toMatchObject({ kind: 'refused' });
      });
    });

    describe('reading', () => {
      it('gives what a person wrote and who, and nothing of what is gone or not a person’s', async () => {
        const ts = subject.says(channel, 'null note breaks the serializer');
        expect(await chat.read(channel, ts)).toEqual({
          author: subject.person,
          text: 'null note breaks the serializer',
        });
        const own = await post('written by the bot');
        expect(await chat.read(channel, own)).toBeUndefined();
        await subject.remove(channel, own);
        expect(await chat.read(channel, own)).toBeUndefined();
        expect(await chat.read(subject.foreign, ts)).toBeUndefined();
      });

      it('gives the address of a message, and none of one that is gone', async () => {
        const ts = await post('to be linked');
        expect(await chat.permalink(channel, ts)).toMatch(/^https?:\/\//);
        await subject.remove(channel, ts);
        expect(await chat.permalink(channel, ts)).toBeUndefined();
      });
    });
  });
}
