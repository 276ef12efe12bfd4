import { spawnSync } from 'node:child_process';
import { benchmarkData } from './benchmark-data.ts';
import { requireToolchainsVariable } from './require-toolchain.ts';
import { installCommand, isInstalled, toolchains, versionOf, type Toolchain } from './toolchains.ts';

// Installs what is missing where that is possible without a question (root, Debian), and says how where it is not. With `--data` that is
// what benchmarks of accuracy read, which no test needs.
const data = process.argv.includes('--data');
const table: Readonly<Record<string, Toolchain>> = data ? benchmarkData : toolchains;
const missing = Object.entries(table).filter(([, toolchain]) => !isInstalled(toolchain));

if (missing.length > 0) {
  const command = installCommand(missing.map(([, toolchain]) => toolchain));
  const canInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (canInstall) {
    console.log(command);
    spawnSync('sh', ['-c', command], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } else {
    console.log(
      `some ${data ? 'benchmarks' : 'tests'} will be skipped; to run them: sudo sh -c '${command}'`,
    );
  }
}

for (const [name, toolchain] of Object.entries(table)) {
  const version = versionOf(toolchain);
  const state = version === undefined ? `missing ${name}` : `found   ${name} (${version})`;
  console.log(`${state}: ${toolchain.purpose}`);
}
const isComplete = Object.values(table).every(isInstalled);
process.exitCode = isComplete || process.env[requireToolchainsVariable] !== '1' ? 0 : 1;
