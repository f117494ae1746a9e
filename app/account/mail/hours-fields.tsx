// The fields of the hours: time zone, quiet hours, the hour of the daily mail. Selects only, so that nothing has to be typed.

import { SelectField } from '#components/ui/field.tsx';
import { timeZones, type MailHours } from '#lib/core/local-time.ts';

const hours = Array.from({ length: 24 }, (_, hour) => hour);
const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

function HourOptions() {
  return hours.map((hour) => (
    <option key={hour} value={hour}>
      {clock(hour)}
    </option>
  ));
}

export function HoursFields({ hours: { timeZone, quietFrom, quietTo, digestHour } }: { hours: MailHours }) {
  return (
    <>
      <SelectField name="timeZone" label="Your time zone" defaultValue={timeZone}>
        {timeZones().map((zone) => (
          <option key={zone} value={zone}>
            {zone.replaceAll('_', ' ')}
          </option>
        ))}
      </SelectField>
      <SelectField
        name="quietFrom"
        label="Quiet from"
        hint="What comes in between waits until it is over. What always comes does not wait."
        defaultValue={quietFrom ?? ''}
      >
        <option value="">No quiet hours</option>
        <HourOptions />
      </SelectField>
      <SelectField name="quietTo" label="Quiet until" defaultValue={quietTo ?? ''}>
        <option value="">No quiet hours</option>
        <HourOptions />
      </SelectField>
      <SelectField name="digestHour" label="The daily mail comes at" defaultValue={digestHour}>
        <HourOptions />
      </SelectField>
    </>
  );
}
