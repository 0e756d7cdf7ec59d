import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../commands/registry.ts';
import { SECRETS } from '../../src/config/secrets.ts';
import { Manifest } from '../../src/domain/manifest/manifest.ts';
import { notCarriedOut } from '../../src/domain/manifest/not-carried-out.ts';
import { ALL_ROLES } from '../../src/program/roles.ts';
import { ownPackage, textOf } from './repository.ts';

const readme = textOf('README.md');

describe('the README', () => {
  it('begins with the two commands and a picture', () => {
    expect(readme).toMatch(
      /^# Signalbox\n\n```sh\ngit clone [^\n]*\nnpm run sandbox\n```\n\n[^#]*!\[[^\]]+\]\(docs\/sandbox\.png\)/,
    );
  });

  it('points to files and scripts that there are', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(5);
    const root = new URL('../../', import.meta.url).pathname;
    expect(links.filter((link) => !existsSync(root + link))).toEqual([]);
    const scripts = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script);
    expect(scripts.filter((script) => ownPackage().scripts[script] === undefined)).toEqual([]);
  });

  it('names every secret and every role, every command and every verb', () => {
    const missing = [
      ...SECRETS.map(({ name }) => name),
      ...ALL_ROLES,
      ...commands.flatMap(({ name, verbs }) => [`/${name}`, ...verbs.map((verb) => verb.name)]),
    ].filter((word) => !new RegExp(`[\`/ ]${word}\\b`).test(readme));
    // What a bare `/rollback` does has a name for its help only.
    expect(missing.filter((word) => word !== 'plan')).toEqual([]);
  });

  it('says of everything that is not carried out that it is not', () => {
    const everything = Manifest.parse(parse(textOf('manifests/samples/releases/everything.yaml')));
    const limits = readme.slice(readme.indexOf('## Limits'));
    const fields = notCarriedOut(everything)
      .map(({ path }) => path)
      // Gates are said by their types, strategies by their names.
      .filter((path) => !path.includes('gates') && path.at(-1) !== 'strategy')
      .map((path) => String(path.at(-1)));
    expect(fields.length).toBeGreaterThan(15);
    expect(fields.filter((field) => !limits.includes(`\`${field}\``))).toEqual([]);
  });
});
