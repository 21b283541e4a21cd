// In which time zone times are shown: the one of the person's profile, else the browser's own.

export const zone = known(document.documentElement.dataset.zone);

// A browser may be older than a name.
function known(name) {
  try {
    return name ? new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone : undefined;
  } catch {
    return undefined;
  }
}

const clock = zone && new Intl.DateTimeFormat("en-US", {
  timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});

/** What clocks of the zone show, as a Date whose UTC parts say it. */
export function wallClock(time) {
  if (!clock) { return new Date(time.getTime() - time.getTimezoneOffset() * 60000); }
  const part = {};
  for (const { type, value } of clock.formatToParts(time)) { part[type] = Number(value); }
  return new Date(Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second, time.getMilliseconds()));
}

/** The moment at which clocks of the zone show "2026-03-29T02:30:00"; what falls into the gap of a clock that is put forward comes after it. */
export function momentOf(text) {
  if (!clock) { return new Date(text); }
  const shown = Date.parse(`${text}Z`);
  // Twice, since the zone may be another an hour or two off.
  let moment = shown;
  for (let round = 0; round < 2; round++) { moment = shown - (wallClock(new Date(moment)).getTime() - moment); }
  return new Date(moment);
}
