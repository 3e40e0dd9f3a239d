// Example feeds for previews. The card marks its notices as examples.

const TEXTS = {
  en: {
    none: "A note for everybody",
    minor: "Reports load slowly",
    major: "Messages are delayed",
    critical: "Sending and receiving do not work",
    maintenance: "We are moving to new servers",
    announcement: "Prices change on 1 January",
    restored: "Messages are delayed",
    fixed: "Messages go out at once again. The second carrier stays in use until tomorrow.",
    first: "We are looking into it.",
    second: "A carrier refuses connections. We are moving traffic to the second one.",
    planned: "For up to an hour, messages wait and are sent afterwards. Nothing is lost.",
    ended: "Nothing is broken, and there is nothing to do today. We will write again before it happens.",
    advice: "Do not resend: your messages are queued and will arrive.",
    works: ["Receiving messages", "Contacts"],
    broken: ["Sending takes up to 40 minutes", "Delivery reports"],
    check: "Check what you sent in the last two hours: a few messages may have arrived twice.",
    still: ["Delivery reports are catching up"],
    sending: "Sending",
    reports: "Reports",
    contact: "Support",
  },
  de: {
    none: "Ein Hinweis für alle",
    minor: "Berichte laden langsam",
    major: "Nachrichten kommen verspätet an",
    critical: "Senden und Empfangen gehen nicht",
    maintenance: "Wir ziehen auf neue Server um",
    announcement: "Die Preise ändern sich am 1. Januar",
    restored: "Nachrichten kommen verspätet an",
    fixed: "Nachrichten gehen wieder sofort hinaus. Der zweite Netzbetreiber bleibt bis morgen im Einsatz.",
    first: "Wir gehen dem nach.",
    second: "Ein Netzbetreiber nimmt keine Verbindungen an. Wir leiten über den zweiten um.",
    planned: "Bis zu einer Stunde lang warten Nachrichten und werden danach gesendet. Nichts geht verloren.",
    ended: "Nichts ist gestört, und heute ist nichts zu tun. Wir melden uns vorher noch einmal.",
    advice: "Bitte nicht noch einmal senden: Ihre Nachrichten warten und kommen an.",
    works: ["Nachrichten empfangen", "Kontakte"],
    broken: ["Senden dauert bis zu 40 Minuten", "Zustellberichte"],
    check: "Prüfen Sie, was Sie in den letzten zwei Stunden gesendet haben: Manches ist vielleicht doppelt angekommen.",
    still: ["Zustellberichte holen noch auf"],
    sending: "Senden",
    reports: "Berichte",
    contact: "Hilfe",
  },
  ar: {
    none: "ملاحظة للجميع",
    minor: "التقارير بطيئة",
    major: "الرسائل متأخرة",
    critical: "الإرسال والاستقبال لا يعملان",
    maintenance: "ننتقل إلى خوادم جديدة",
    announcement: "تتغير الأسعار في 1 يناير",
    restored: "الرسائل متأخرة",
    fixed: "تُرسل الرسائل فورًا من جديد. يبقى المشغل الثاني في الخدمة حتى الغد.",
    first: "نبحث في الأمر.",
    second: "أحد المشغلين يرفض الاتصال. نحول الرسائل إلى المشغل الثاني.",
    planned: "تنتظر الرسائل ساعة على الأكثر ثم تُرسل. لن يضيع شيء.",
    ended: "لا يوجد عطل، ولا شيء مطلوب اليوم. سنكتب مرة أخرى قبل ذلك.",
    advice: "لا تعد الإرسال: رسائلك في الانتظار وستصل.",
    works: ["استقبال الرسائل", "جهات الاتصال"],
    broken: ["يستغرق الإرسال حتى 40 دقيقة", "تقارير التسليم"],
    check: "تحقق مما أرسلته في الساعتين الأخيرتين: ربما وصلت بعض الرسائل مرتين.",
    still: ["تقارير التسليم ما زالت تتأخر"],
    sending: "الإرسال",
    reports: "التقارير",
    contact: "الدعم",
  },
};

/** The time some minutes ago, in the format of feeds. */
const ago = (minutes) => new Date(new Date() - minutes * 6e4).toISOString().replace(/\.\d+/, "");

/**
 * A feed with one notice: `none`, `minor`, `major`, `critical`, `maintenance`, `announcement` or `restored`. Any other
 * `name` means `major`. The feed's `rev` is higher than that of any other feed.
 */
export default (name, language) => {
  const tag = String(language).toLowerCase().split("-")[0];
  const lang = TEXTS[tag] ? tag : "en";
  const texts = TEXTS[lang];
  const example = Object.keys(KINDS).includes(name) ? name : "major";
  const [kind, status, impact] = KINDS[example];
  const isBroken = kind === "incident" && impact !== "none";
  const isBad = /major|critical/.test(impact);
  const component = (slug, status, since) => ({ id: "cmp_" + slug, slug, name: texts[slug], status, since: ago(since) });
  const update = (id, status, body, at) => ({ id: "upd_" + id, status, body, at: ago(at) });
  const updates = {
    incident: [update("second", status, texts.second, 10), update("first", "investigating", texts.first, 40)],
    maintenance: [update("first", status, texts.planned, 60)],
    announcement: [update("first", status, texts.ended, 60)],
    restored: [update("second", status, texts.fixed, 0)],
  };
  return {
    v: 1,
    site: "preview",
    name: "Acme",
    lang,
    rev: Number.MAX_SAFE_INTEGER,
    poll_after_s: 3600,
    status_url: location.href,
    subscribe: [],
    notices: [
      {
        id: "inc_preview" + example,
        kind,
        status,
        impact,
        in_app: isBad || kind === "maintenance" ? "bar" : "pill",
        hold: false,
        drill: false,
        preview: true,
        attention: 1,
        title: texts[example],
        advice: isBad ? texts.advice : null,
        works: isBad ? texts.works : [],
        broken: isBad ? texts.broken : [],
        started_at: ago(kind === "announcement" || kind === "maintenance" ? 60 : kind === "restored" ? 140 : 40),
        ends_at: kind === "maintenance" ? ago(-45) : null,
        next_update_at: isBroken ? ago(-20) : null,
        overdue_after_s: 300,
        estimated_end_at: isBad ? ago(-60) : null,
        confidence: isBad ? "medium" : null,
        components:
          isBroken || kind === "restored"
            ? [
                component("sending", kind === "restored" ? "operational" : isBad ? "partial_outage" : "operational", 40),
                component("reports", kind === "restored" ? "operational" : "degraded_performance", 40),
              ]
            : [],
        updates: updates[kind],
        updates_more: 0,
        contacts: isBroken || kind === "restored" ? [{ kind: "phone", label: texts.contact, value: "+1 555 0100" }] : [],
        audience: { segments: [], paths: [], components: [], undeclared: "show" },
        // 6 s from now, so that the browser counts as present during the incident.
        restored:
          kind === "restored"
            ? {
                at: ago(-0.1),
                seconds: 8400,
                back: [texts.sending, texts.reports],
                check: texts.check,
                still: texts.still,
                returning_until: ago(-1440),
                everyone_until: ago(-120),
                expires_at: ago(-4320),
                withdrawn: null,
                postmortem: null,
              }
            : null,
        url: location.href,
      },
    ],
  };
};

/** Kind, status and impact of each example. */
const KINDS = {
  none: ["incident", "identified", "none"],
  minor: ["incident", "identified", "minor"],
  major: ["incident", "identified", "major"],
  critical: ["incident", "identified", "critical"],
  maintenance: ["maintenance", "in_progress", "maintenance"],
  announcement: ["announcement", "active", "none"],
  restored: ["restored", "resolved", "major"],
};
