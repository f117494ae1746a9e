// What one check of the doctor found: in words for whoever runs the instance, with what to do where something is to be done.

/** `broken`: people cannot work, or the index is not safe; `warning`: soon, or for some; `note`: worth knowing; `good`. */
export type FindingState = 'good' | 'note' | 'warning' | 'broken';
export type DoctorFinding = { check: string; state: FindingState; says: string; remedy: string | null };

export const good = (check: string, says: string): DoctorFinding => ({ check, state: 'good', says, remedy: null });
export const note = (check: string, says: string): DoctorFinding => ({ check, state: 'note', says, remedy: null });
export const warning = (check: string, says: string, remedy: string): DoctorFinding => ({
  ...{ check, state: 'warning', says, remedy },
});
export const broken = (check: string, says: string, remedy: string): DoctorFinding => ({
  ...{ check, state: 'broken', says, remedy },
});

/** What a fault says, without the lines of a stack. */
export const sayFault = (fault: unknown): string =>
  (fault instanceof Error ? fault.message : String(fault)).split('\n')[0] ?? '';
