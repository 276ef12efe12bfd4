import { existsSync } from 'node:fs';

/** Spoken prompts that a Debian package brings: telephone speech, 8 kHz. */
export interface SpeechPackage {
  readonly debian: string;
  readonly folder: string;
}

/** What models are calibrated on: English, Spanish, French. Two speakers. */
export const calibrationPackages: readonly SpeechPackage[] = [
  { debian: 'asterisk-core-sounds-en-wav', folder: '/usr/share/asterisk/sounds/en_US_f_Allison' },
  { debian: 'asterisk-core-sounds-es-wav', folder: '/usr/share/asterisk/sounds/es_MX_f_Allison' },
  { debian: 'asterisk-core-sounds-fr-wav', folder: '/usr/share/asterisk/sounds/fr_CA_f_June' },
];

/** What they are judged on: Italian and Russian, by two other speakers. */
export const testPackages: readonly SpeechPackage[] = [
  { debian: 'asterisk-core-sounds-it-wav', folder: '/usr/share/asterisk/sounds/it_IT_m_Carlo' },
  { debian: 'asterisk-core-sounds-ru-wav', folder: '/usr/share/asterisk/sounds/ru_RU_f_IvrvoiceRU' },
];

/** What is not installed and how to get it; nothing when everything is there. */
export function missingSpeech(): string | undefined {
  const missing = [...calibrationPackages, ...testPackages].filter(({ folder }) => !existsSync(folder));
  if (missing.length === 0) return undefined;
  const names = missing.map(({ debian }) => debian).join(' ');
  return `recordings are missing: apt-get install -y --no-install-recommends ${names}`;
}
