import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/domain/ids.ts';
import type { Directory, Person } from '../../src/ports/directory.ts';

/** Whoever the cases are about. */
export interface Cast {
  /** Has `managers` by name. */
  manager: PersonId;
  /** Has `on-call` by usergroup; `ana@example.com` is the manager's address. */
  onCall: PersonId;
  /** A member without a role. */
  plain: PersonId;
  guest: PersonId;
  bot: PersonId;
  deactivated: PersonId;
  /** Of another company. */
  stranger: PersonId;
  nobody: PersonId;
}

/** A directory to be judged, and the workspace it tells of. */
export interface DirectoryUnderTest {
  directory: Directory;
  cast: Cast;
  /** Lets time pass. */
  pass(ms: number): void;
  /** Takes everybody out of the usergroup of `on-call`. */
  emptyGroup(): void;
  /** Nothing can be read until the answer is called. */
  goAway(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
const FRESH = { freshMs: 5 * MINUTE_MS };

/** What every directory does. Each case has one of its own. */
export function directoryContract(name: string, make: () => Promise<DirectoryUnderTest>): void {
  describe(`the directory, ${name}`, () => {
    let subject: DirectoryUnderTest;
    let directory: Directory;
    let cast: Cast;
    beforeEach(async () => {
      subject = await make();
      ({ directory, cast } = subject);
    });
    afterEach(() => subject.close());

    const rolesOf = (person: Person) => (person.kind === 'member' ? [...person.roles] : person.kind);

    it('knows roles by name and by usergroup', async () => {
      expect(rolesOf(await directory.person(cast.manager, FRESH))).toEqual(['managers']);
      expect(rolesOf(await directory.person(cast.onCall, FRESH))).toEqual(['on-call']);
      expect(rolesOf(await directory.person(cast.plain, FRESH))).toEqual([]);
    });

    it('lets nobody from outside be a member', async () => {
      const why = async (id: PersonId) => {
        const person = await directory.person(id, FRESH);
        return person.kind === 'outsider' ? person.why : person.kind;
      };
      expect(await why(cast.guest)).toBe('guest');
      expect(await why(cast.bot)).toBe('bot');
      expect(await why(cast.deactivated)).toBe('deactivated');
      expect(await why(cast.stranger)).toBe('stranger');
      expect(await why(cast.nobody)).toBe('stranger');
    });

    it('takes a member’s id under another workspace’s name for a stranger', async () => {
      const id: PersonId = `slack:TOTHER:${cast.manager.split(':')[2]}`;
      expect(await directory.person(id, FRESH)).toMatchObject({ kind: 'outsider', why: 'stranger' });
    });

    it('hears within a minute that somebody left a usergroup', async () => {
      expect(rolesOf(await directory.person(cast.onCall, FRESH))).toEqual(['on-call']);
      subject.emptyGroup();
      subject.pass(MINUTE_MS + 1);
      expect(rolesOf(await directory.person(cast.onCall, FRESH))).toEqual([]);
      expect(await directory.members('on-call')).toEqual([]);
    });

    it('trusts a usergroup it can no longer read as long as it is asked to, and no longer', async () => {
      await directory.person(cast.onCall, FRESH);
      await directory.person(cast.manager, FRESH);
      await directory.person(cast.plain, FRESH);
      const comeBack = await subject.goAway();
      try {
        subject.pass(4 * MINUTE_MS);
        expect(rolesOf(await directory.person(cast.onCall, FRESH))).toEqual(['on-call']);
        subject.pass(2 * MINUTE_MS);
        expect(await directory.person(cast.onCall, FRESH)).toMatchObject({ kind: 'unknown' });
        expect(await directory.person(cast.plain, FRESH)).toMatchObject({ kind: 'unknown' });
        expect(rolesOf(await directory.person(cast.onCall, { freshMs: 60 * MINUTE_MS }))).toEqual([
          'on-call',
        ]);
        expect(rolesOf(await directory.person(cast.manager, FRESH))).toEqual(['managers']);
      } finally {
        await comeBack();
      }
    });

    it('cannot say who somebody is whom it never met while it can read nothing', async () => {
      const comeBack = await subject.goAway();
      try {
        await expect(directory.person(cast.manager, FRESH)).rejects.toMatchObject({
          name: 'UnavailableError',
        });
      } finally {
        await comeBack();
      }
    });

    it('lists the members of a role', async () => {
      expect(await directory.members('managers')).toEqual([cast.manager]);
      expect(await directory.members('on-call')).toEqual([cast.onCall]);
      expect(await directory.members('no-such-role')).toEqual([]);
    });

    it('knows a person by the configured e-mail address, whatever its case', async () => {
      expect(await directory.byEmail('Ana@Example.com')).toBe(cast.manager);
    });

    it('knows a person by the configured login at the forge, whatever its case, and nobody by another', async () => {
      expect(await directory.byLogin('Ana-Acme')).toBe(cast.manager);
      expect(await directory.byLogin('ana')).toBeUndefined();
    });

    it('names people it met, and others by the last part of their id', async () => {
      const last = cast.manager.split(':')[2] ?? '';
      expect(directory.nameOf(cast.manager)).toBe(last);
      const person = await directory.person(cast.manager, FRESH);
      expect(directory.nameOf(cast.manager)).toBe(person.kind === 'unknown' ? '' : person.name);
      expect(directory.nameOf(cast.manager)).not.toBe(last);
      expect(directory.nameOf('signalbox:policy:prod')).toBe('prod');
    });
  });
}
