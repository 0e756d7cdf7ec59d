import type { Fault } from '../../domain/document/fault.ts';

/**
 * Faults as commands of a GitHub workflow, which shows each beside its line: `::error file=a.yaml,line=3,col=5::says`. Source, also of
 * what is escaped: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
 */
export function annotations(level: 'error' | 'warning', faults: readonly Fault[]): string[] {
  return faults.map(({ file, place, path, says, rule }) => {
    const properties = Object.entries({ file, line: place?.line, col: place?.column, title: rule })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
    return `::${level} ${properties.join(',')}::${escaped(path ? `${path}: ${says}` : says)}`;
  });
}

/** A line break would begin another command. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
