import type { Reporter, TestModule } from 'vitest/node';

/** Says what failed in a line each, last: where only the end of an output is kept, it tells the most. */
export class FailuresLast implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    const failed = modules.flatMap((module) => [
      ...module.errors().map((error) => lineOf(module.moduleId, error.message)),
      ...[...module.children.allSuites()].flatMap((suite) =>
        suite.errors().map((error) => lineOf(`${module.moduleId} > ${suite.fullName}`, error.message)),
      ),
      ...[...module.children.allTests('failed')].map((test) =>
        lineOf(`${module.moduleId} > ${test.fullName}`, test.result().errors?.[0]?.message ?? ''),
      ),
    ]);
    const lines = [...failed, ...unhandled.map(({ message }) => lineOf('outside of a test', message))];
    if (lines.length > 0) process.stdout.write(`\nFailed:\n${lines.join('\n')}\n`);
  }
}

function lineOf(where: string, message: string): string {
  return `  ${where}: ${message.split('\n', 1)[0]?.slice(0, 300)}`;
}
