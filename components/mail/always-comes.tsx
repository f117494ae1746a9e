// What cannot be switched off, and why: said wherever somebody chooses what mail they get.
import { requiredMail } from '#lib/core/mail-topics.ts';

export function AlwaysComes() {
  return (
    <>
      <ul>
        {Object.entries(requiredMail).map(([key, says]) => (
          <li key={key}>{says}</li>
        ))}
      </ul>
      <p>
        It comes at once and cannot be switched off: whoever took over your account would switch it off first, and you
        would not hear of it.
      </p>
    </>
  );
}
