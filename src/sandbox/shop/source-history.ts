import type { HostedRepository, PersonsPush } from '../git-server/hosted-repository.ts';
import { PEOPLE } from './people.ts';
import type { Shop } from './shop.ts';

/** Service to version to the commit it is built from. */
export type Revisions = Record<string, Record<string, string>>;

/** Works for the shop and is not in its workspace: who writes what nobody there wrote. */
const ELSEWHERE = { name: 'Lin Wu', email: 'lin@elsewhere.test' };

const SUBJECTS = [
  'Answer faster when the list is long',
  'Say which field is wrong',
  'Keep the order of what was added',
  'Try the warehouse once more before giving up',
  'Round prices the way the invoice does',
];

/** Writes the shop's source as its teams would have: a commit or two for each version, a folder for each service. */
export async function writeSource(shop: Shop, source: HostedRepository): Promise<Revisions> {
  const versions = shop.services.flatMap(({ name, version, newer }) =>
    [{ version, authors: [] }, ...newer].map((each, i) => ({ service: name, i, ...each })),
  );
  const changes = versions.flatMap(({ service, version, authors, i }): PersonsPush[] => {
    const author = authorOf(authors[0]);
    const subject = SUBJECTS[(i + service.length) % SUBJECTS.length] ?? '';
    return [
      {
        branch: 'main',
        files: { [`${service}/change.txt`]: `${i}\n` },
        message: `${service}: ${subject}`,
        author,
      },
      {
        branch: 'main',
        files: { [`${service}/VERSION`]: `${version}\n` },
        message: `${service} ${version}`,
        author,
      },
    ];
  });
  const commits = await source.replay(changes);
  const revisions: Revisions = {};
  versions.forEach(({ service, version }, i) => {
    revisions[service] = { ...revisions[service], [version]: commits[2 * i + 1] ?? '' };
  });
  return revisions;
}

function authorOf(email: string | undefined): typeof ELSEWHERE {
  const person = PEOPLE.find((each) => each.email === email);
  return person ? { name: person.realName, email: person.email } : ELSEWHERE;
}
