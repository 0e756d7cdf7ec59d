/** A line of CODEOWNERS. */
interface Line {
  pattern: RegExp;
  owners: string[];
}

/**
 * Who owns a file by CODEOWNERS: of all lines that match, the last. Source:
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export function readCodeOwners(text: string): (path: string) => readonly string[] {
  const lines = text.split('\n').flatMap(lineOf);
  return (path) => lines.findLast(({ pattern }) => pattern.test(path))?.owners ?? [];
}

/** A role's name for an owner: the team without its organisation, a person's handle, the name of an address. */
export function roleOfOwner(owner: string): string | undefined {
  const name = owner.replace(/^@/, '').split('@')[0]?.split('/').at(-1)?.toLowerCase() ?? '';
  const role = name
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 63);
  return role === '' ? undefined : role;
}

function lineOf(line: string): Line[] {
  const [pattern = '', ...owners] = line
    .replace(/(^|\s)#.*$/, '')
    .trim()
    .split(/\s+/);
  return pattern === ''
    ? []
    : [{ pattern: asExpression(pattern), owners: owners.filter((owner) => owner.includes('@')) }];
}

/** As .gitignore has it, without negation and character ranges, which CODEOWNERS does not know either. */
function asExpression(pattern: string): RegExp {
  const anchored = pattern.slice(0, -1).includes('/');
  const body = pattern
    .replace(/^\//, '')
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      return part === '?' ? '[^/]' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  const end = body.endsWith('/') ? '.*' : '(?:/.*)?';
  // A star at the end means what stands in the folder, not what stands deeper.
  return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${body}${pattern.endsWith('/*') ? '' : end}$`);
}
