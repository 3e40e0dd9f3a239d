// The texts of the plain card: the same as those of the Yew card (`src/view`), but fewer. Built as a part of `standing.js`.

import { formatCount, formatTime, localeOf } from "../src/dom/format.js";
import { firstLine, parse } from "./markdown.js";
import { milliseconds } from "./presentation.js";

/** The paths of the icons, for a square of 20 px: as `src/view/icon.rs`. */
const ICONS = {
  critical: "M7 2.5h6L17.5 7v6L13 17.5H7L2.5 13V7zM6.5 10h7",
  major: "M10 2.8 18 16.8H2zM10 8v4M10 14.4v.01",
  minor: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 1 0 0-15zM10 6v5M10 13.9v.01",
  maintenance:
    "M15.8 3.2 13 6l.5 2.5 2.5.5 2.8-2.8a5 5 0 0 1-6.6 6.4l-6 6a2 2 0 0 1-2.9-2.8l6.1-6a5 5 0 0 1 6.4-6.6z",
  restored: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 1 0 0-15zM6.5 10.2l2.4 2.4 4.6-5",
  announcement: "M3 4h14v10H9l-4 3.5V14H3z",
};

/** Functions for the texts, times and durations of a language. `texts` are separated by line breaks, `now` is in milliseconds. */
export const phrases = (texts, tag, now) => {
  const all = texts.split("\n");
  const locale = localeOf(tag);
  const text = (number, ...values) => all[number].replace(/%/g, () => values.shift());
  const counted = (number, amount) => formatCount(all[number], amount, locale);
  // A time, with its day unless `known` is on the same day.
  const time = (at, known = now, detail = 1) => {
    const [day, today] = [milliseconds(at), known].map((moment) => formatTime(moment, locale, 0));
    const formatted = formatTime(milliseconds(at), locale, detail);
    return day === today ? formatted : text(TEXT.list, day, formatted);
  };
  const duration = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    const two = (large, small, size) => {
      const first = counted(large, Math.floor(minutes / size));
      const rest = Math.floor(((minutes % size) * (size > 60 ? 24 : 60)) / size);
      return rest ? text(TEXT.both, first, counted(small, rest)) : first;
    };
    if (minutes < 1) return text(TEXT.moment);
    if (minutes < 60) return counted(TEXT.minutes, minutes);
    return minutes < 2160 ? two(TEXT.hours, TEXT.minutes, 60) : two(TEXT.days, TEXT.hours, 1440);
  };
  const joined = (names) => names.reduce((list, name) => (list ? text(TEXT.list, list, name) : name), "");
  return { text, time, duration, joined };
};

/** Whether the promised update is overdue. `now` is in milliseconds since 1970. */
export const isLate = ({ next_update_at, overdue_after_s }, now) =>
  !!next_update_at && now >= milliseconds(next_update_at) + overdue_after_s * 1e3;

const severity = ({ kind, impact, restored }, back) => {
  if (restored?.withdrawn) return "announcement";
  if (restored || back || kind === "restored") return "restored";
  if (kind === "incident") return /critical|major/.test(impact) ? impact : "minor";
  return kind === "maintenance" ? kind : "announcement";
};

/** The status of a maintenance as a sentence; empty when there is none. */
const statusSentence = ({ status, in_app, started_at, ends_at }, { text, time }) => {
  const until = (sentence, ends) => (ends_at ? `${sentence} ${text(TEXT.ends, ends)}.` : sentence);
  const began = milliseconds(started_at);
  if (status === "scheduled") {
    const begins = text(in_app === "bar" ? TEXT.save_your_work : TEXT.begins, time(started_at, undefined, 2));
    return until(begins + ".", time(ends_at, began));
  }
  if (status === "in_progress") return until(text(TEXT.in_progress), time(ends_at));
  return status === "verifying" ? text(TEXT.verifying) : "";
};

/**
 * The texts of an entry of `controller.js`. `namesSegments`: the title names the segments that the notice is for. `language` is
 * the result of `phrases`. A paragraph is `[part, units, lines]`, where `lines` limits a text that may be long.
 *
 * * `severity`, `icon`: a class, and the path of an icon
 * * `mark`, `label`, `segments`, `title`, `lang`, `time`: the heading; `after` replaces `time` in a collapsed card
 * * `brief`, `whole`: the paragraphs of a collapsed and of an expanded card
 * * `isLate`: the collapsed card shows the contacts
 * * `summary`: the notice in one text, for the live regions
 */
export const describe = ({ notice, back, isNews }, namesSegments, freshness, language, now) => {
  const { text, time, duration, joined } = language;
  const { kind, status, restored, title, advice, works, broken, updates, components = [], audience } = notice;
  const level = severity(notice, back);
  const since = restored?.at;
  const withdrawn = restored?.withdrawn;
  const paragraphs = (part, texts, sign = "") => (texts || []).map((text) => [part, sign + text]);
  const mark = notice.preview ? text(TEXT.preview) : notice.drill ? text(TEXT.drill) : "";
  const label = back
    ? text(TEXT.back_since, time(back))
    : withdrawn
      ? text(TEXT.withdrawn)
      : restored
        ? text(restored.still.length ? TEXT.mostly_resolved_label : TEXT.resolved_label)
        : text(
            {
              critical: TEXT.critical_label,
              major: TEXT.major_label,
              minor: TEXT.minor_label,
              maintenance: TEXT.maintenance,
              announcement: TEXT.announcement,
              restored: TEXT.resolved_label,
            }[level],
          );
  const shown = back ? joined(components.filter(({ status }) => status === "operational").map(({ name }) => name)) : title;
  const segments =
    namesSegments && !restored && !back && audience?.segments?.[0]
      ? text(TEXT.for_segments, joined(audience.segments.map(({ label }) => label)))
      : "";
  const isLong = restored && !withdrawn;

  const late = isLate(notice, now) && !restored && !back;
  const planned = statusSentence(notice, language);
  const isSoon = status === "scheduled" && notice.in_app === "bar";
  const newest = updates?.[0];
  const promise = notice.next_update_at && text(late ? TEXT.overdue : TEXT.next_update, time(notice.next_update_at));
  const isPlanned = kind === "maintenance" && !!planned;
  // Lines left for the advice in a collapsed card: three, less those of the mark, the freshness (two), the new update and the
  // plan.
  const lines = Math.max(1, 3 - !!mark - 2 * !!freshness - (late && isNews) - isPlanned);
  const still = (restored?.still || []).slice(0, 2);

  const brief = [];
  const whole = [];
  const both = [brief, whole];
  const add = (to, ...all) => {
    for (const [part, text, lines] of all) if (text) to.push([part, units(text), lines]);
  };
  if (withdrawn) {
    add(brief, ["advice", withdrawn, 2]);
    add(whole, ["advice", withdrawn]);
  } else if (back) {
    both.forEach((to) => add(to, ["", title], ["", text(TEXT.elsewhere)]));
  } else if (restored) {
    add(brief, ...paragraphs("broken", still, "✗ ").map((one) => [...one, 3 - still.length]));
    const names = joined(restored.back[0] ? restored.back : components.map(({ name }) => name));
    const resolving = updates?.find(({ status }) => /resolved|completed/.test(status)) || newest;
    add(
      whole,
      ["meta", text(TEXT.period, time(notice.started_at), time(since, milliseconds(notice.started_at)), duration(restored.seconds))],
      ["works heading", names && text(TEXT.working_since, time(since), names)],
      ["heading", restored.check && text(TEXT.check)],
      ["advice", restored.check],
      ["heading", restored.still[0] && text(TEXT.still)],
      ...paragraphs("broken", restored.still, "✗ "),
      ["update", resolving?.body],
    );
  } else {
    const news = newest && [text(TEXT.new_update, time(newest.at)), newest.body].join(" ");
    const times = [
      newest && text(TEXT.updated, time(newest.at)),
      notice.next_update_at && text(TEXT.update_by, time(notice.next_update_at)),
    ].filter(Boolean);
    const hasPlan = isSoon && !advice;
    add(
      brief,
      advice ? ["advice", advice, lines] : hasPlan ? ["", planned] : ["update", newest?.body, Math.min(lines, 2)],
      ["next-update late meta", late && promise],
      isNews && !(late && freshness)
        ? ["update meta", news, 1]
        : [notice.next_update_at ? "next-update meta" : "meta", !late && (isPlanned && !hasPlan ? planned : times.join(" · "))],
    );
    add(
      whole,
      ["advice", advice],
      ...paragraphs("works", works, "✓ "),
      ...paragraphs("broken", broken, "✗ "),
      ["", planned],
      ["next-update", promise],
      ...paragraphs("update", updates?.map(({ at, body }) => `${time(at)} · ${body}`)),
    );
  }
  if (freshness) both.forEach((to) => add(to, ["freshness meta", freshness]));
  const line = firstLine(withdrawn || restored?.check || (!back && !restored && advice) || "");
  const more = [!back && !restored && planned, line].filter(Boolean).join(" ");
  return {
    severity: level,
    icon: ICONS[level],
    mark,
    label: label + ":",
    segments,
    title: shown,
    lang: notice.lang,
    time: isLong ? " · " + time(since) : "",
    after: isLong ? " · " + text(TEXT.resolved_after, time(since), duration(restored.seconds)) : "",
    brief,
    whole,
    isLate: late,
    isOver: !!(restored || back),
    summary: [mark, label + ":", segments, shown + ".", more].filter(Boolean).join(" "),
  };
};

/**
 * The units of a text, between which it may be cut: words with the space after them, single Chinese, Japanese and Korean
 * characters, digit groups with the spaces between them (`+61 2 5550`, `(02) 5550`), and links, `{ text, href }`.
 */
export const units = (text) => {
  const all = [];
  let words = "";
  const addWords = () => {
    all.push(...(words.match(/\s+|[⺀-퟿]|(?:[\d)]\s(?=[\d(])|[^\s⺀-퟿])+\s*/g) || []));
    words = "";
  };
  for (const span of parse(text)) {
    if (span.href) {
      addWords();
      all.push(span);
    } else words += span;
  }
  addWords();
  return all;
};
