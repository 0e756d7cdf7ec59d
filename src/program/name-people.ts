import type { Config } from '../config/schema.ts';
import type { Directory } from '../ports/directory.ts';

/** Names as the configuration gives them, then as the workspace does; policies and the program itself have names too. */
export function namePeople(directory: Directory, people: Config['people']): Directory {
  const names = new Map(people.map(({ slack, name }) => [slack, name]));
  return {
    async person(id, options) {
      const person = await directory.person(id, options);
      const name = names.get(id.slice(id.lastIndexOf(':') + 1));
      return person.kind === 'member' && name !== undefined ? { ...person, name } : person;
    },
    members: (role) => directory.members(role),
    byEmail: (email) => directory.byEmail(email),
    byLogin: (login) => directory.byLogin(login),
    nameOf(id) {
      const last = id.slice(id.lastIndexOf(':') + 1);
      if (id.startsWith('signalbox:policy:')) return `policy ${last}`;
      if (id.startsWith('signalbox')) return id === 'signalbox' ? 'Signalbox' : last;
      return names.get(last) ?? directory.nameOf(id);
    },
  };
}
