import type { Toolchain } from './toolchains.ts';

/** Data outside npm that benchmarks of accuracy read where Debian installs it; nothing that a test needs. */
export const benchmarkData = {
  englishPrompts: prompts('en', 'en_US_f_Allison', 'English that voice detectors are calibrated on'),
  spanishPrompts: prompts('es', 'es_MX_f_Allison', 'Spanish that voice detectors are calibrated on'),
  frenchPrompts: prompts('fr', 'fr_CA_f_June', 'French that voice detectors are calibrated on'),
  italianPrompts: prompts('it', 'it_IT_m_Carlo', 'Italian that voice detectors are judged on'),
  russianPrompts: prompts('ru', 'ru_RU_f_IvrvoiceRU', 'Russian that voice detectors are judged on'),
} as const satisfies Record<string, Toolchain>;

/** Spoken prompts in one language: telephone speech, 8 kHz, CC-BY-SA-3.0. */
function prompts(language: string, folder: string, purpose: string): Toolchain {
  return {
    purpose: `is ${purpose}`,
    executable: `/usr/share/asterisk/sounds/${folder}`,
    isProgram: false,
    packages: [`asterisk-core-sounds-${language}-wav`],
  };
}
