//! Messages in German.

use rolecall_domain::{
    clock::Timestamp,
    mail::{Message, UndoLine},
};

use super::{
    content::Content,
    typed::{inert, shown},
};

/// What a message of the service that is called `product` says.
#[expect(clippy::too_many_lines, reason = "one arm a message")]
pub(super) fn content<'a>(message: &'a Message, product: &str) -> Content<'a> {
    let to = |username: &str| format!("Guten Tag {}, hier ist {product}.", inert(username));
    let hello = || format!("Guten Tag, hier ist {product}.");
    match message {
        Message::VerifyEmail { username, link, hours } => {
            let subject = format!("Bestätigen Sie Ihre E-Mail-Adresse für {product}");
            Content::new(subject, to(username))
                .says(format!(
                    "Jemand, hoffentlich Sie, hat sich mit dieser E-Mail-Adresse und dem \
                     Benutzernamen {} bei {product} registriert. Wenn Sie es waren, bestätigen \
                     Sie bitte, dass die Adresse Ihnen gehört: Folgen Sie dem Link.",
                    inert(username)
                ))
                .asks("Adresse bestätigen", link, works_once(*hours, ["Stunde", "Stunden"]))
                .closes(
                    "Wenn Sie sich nicht registriert haben, ist nichts zu tun: Ohne Ihre \
                     Bestätigung und das Passwort von damals entsteht kein Konto.",
                )
        }
        Message::AlreadyRegistered => {
            Content::new(format!("Sie haben schon ein Konto bei {product}"), hello())
                .says(
                    "Jemand, vielleicht Sie, wollte sich mit dieser E-Mail-Adresse registrieren \
                     oder sie einem anderen Konto geben.",
                )
                .says(
                    "Diese Adresse hat schon ein Konto: Melden Sie sich einfach an. Wenn Sie das \
                     Passwort vergessen haben, fordern Sie ein neues an.",
                )
                .closes("Wenn Sie es nicht waren, ist nichts zu tun. Es wurde nichts geändert.")
        }
        Message::NotActive => {
            Content::new(format!("Ihr Konto bei {product} ist nicht aktiv"), hello())
                .says(
                    "Jemand, vielleicht Sie, wollte sich mit dieser E-Mail-Adresse anmelden oder \
                     registrieren oder ein neues Passwort anfordern.",
                )
                .says(format!(
                    "Das Konto dieser Adresse ist nicht aktiv, deshalb ist nichts davon möglich. \
                     Wenn Sie es zurückhaben wollen, wenden Sie sich an die Betreiber von \
                     {product}."
                ))
                .closes("Wenn Sie es nicht waren, ist nichts zu tun. Es wurde nichts geändert.")
        }
        Message::ResetPassword { username, link, minutes } => {
            Content::new(format!("Wählen Sie ein neues Passwort für {product}"), to(username))
                .says("Jemand, hoffentlich Sie, hat ein neues Passwort für Ihr Konto angefordert.")
                .asks("Neues Passwort wählen", link, works_once(*minutes, ["Minute", "Minuten"]))
                .closes(
                    "Wenn Sie es nicht waren, folgen Sie dem Link nicht und zeigen Sie ihn \
                     niemandem. Ihr Passwort bleibt, wie es ist.",
                )
        }
        Message::PasswordChanged { username, at } => {
            Content::new(format!("Ihr Passwort bei {product} wurde geändert"), to(username))
                .says(format!("Das Passwort Ihres Kontos wurde am {} geändert.", moment(*at)))
                .says("Wenn Sie es waren, ist alles gut und nichts zu tun.")
                .closes(
                    "Wenn Sie es nicht waren, setzen Sie das Passwort sofort zurück: Fordern Sie \
                     dort, wo Sie sich anmelden, ein neues an; wir schicken einen Link an diese \
                     Adresse.",
                )
        }
        Message::ConfirmNewEmail { username, link, hours } => {
            let subject = format!("Bestätigen Sie Ihre neue E-Mail-Adresse für {product}");
            Content::new(subject, to(username))
                .says(format!(
                    "Jemand, hoffentlich Sie, möchte, dass das Konto {} diese E-Mail-Adresse \
                     bekommt. Bis sie bestätigt ist, behält das Konto seine Adresse.",
                    inert(username)
                ))
                .asks("Neue Adresse bestätigen", link, works_once(*hours, ["Stunde", "Stunden"]))
                .closes(
                    "Wenn Sie es nicht waren, folgen Sie dem Link nicht: Ohne ihn ändert sich \
                     nichts.",
                )
        }
        Message::EmailChangeRequested { username, new_email, at, undo } => {
            let subject = format!("Ihre E-Mail-Adresse bei {product} soll geändert werden");
            let content = Content::new(subject, to(username))
                .says(format!(
                    "Jemand, der in Ihrem Konto angemeldet ist, hoffentlich Sie, möchte die \
                     E-Mail-Adresse in {} ändern. Das war am {}.",
                    shown(new_email),
                    moment(*at)
                ))
                .says(
                    "Wenn Sie es waren, folgen Sie dem Link, den wir an die neue Adresse \
                     geschickt haben. Bis dahin bleibt diese.",
                );
            match undo {
                Some(UndoLine { link, hours }) => content
                    .asks("Änderung stoppen", link, works_once(*hours, ["Stunde", "Stunden"]))
                    .closes(
                        "Wenn Sie es nicht waren, stoppen Sie die Änderung und ändern Sie dann \
                         Ihr Passwort: Vielleicht benutzt jemand anderes Ihr Konto.",
                    ),
                None => content.closes(
                    "Wenn Sie es nicht waren, ändern Sie sofort Ihr Passwort: Vielleicht benutzt \
                     jemand anderes Ihr Konto.",
                ),
            }
        }
        Message::EmailChanged { username, new_email, at, undo } => {
            let subject = format!("Ihre E-Mail-Adresse bei {product} wurde geändert");
            let content = Content::new(subject, to(username))
                .says(format!(
                    "Die E-Mail-Adresse Ihres Kontos wurde am {} in {} geändert.",
                    moment(*at),
                    shown(new_email)
                ))
                .says(
                    "Wenn Sie es waren, ist nichts zu tun. Nachrichten über das Konto gehen von \
                     nun an an die neue Adresse.",
                );
            match undo {
                Some(UndoLine { link, hours }) => content
                    .says(
                        "Wenn Sie es nicht waren, nehmen Sie die Änderung zurück. Das Konto \
                         bekommt wieder diese Adresse, alle Geräte werden abgemeldet, das \
                         Passwort gilt nicht mehr, und wir schicken Ihnen einen Link für ein \
                         neues.",
                    )
                    .asks("Änderung zurücknehmen", link, works_once(*hours / 24, ["Tag", "Tage"]))
                    .closes(
                        "Bis dahin kann niemand sonst diese Adresse benutzen. Wenn Sie es waren, \
                         folgen Sie dem Link nicht, und zeigen Sie ihn niemandem.",
                    ),
                None => content.closes(
                    "Wenn Sie es nicht waren, melden Sie sich an und ändern Sie sofort Ihr \
                     Passwort. Wenn Sie sich nicht anmelden können, wenden Sie sich an die \
                     Betreiber dieses Dienstes.",
                ),
            }
        }
        Message::EmailChangeUndone { username, at } => {
            let subject =
                format!("Die Änderung Ihrer E-Mail-Adresse bei {product} wurde zurückgenommen");
            Content::new(subject, to(username))
                .says(format!(
                    "Ihr Konto hat seit dem {} wieder die E-Mail-Adresse von vorher. Jemand ist \
                     dem Link gefolgt, den wir an sie geschickt haben. Alle Geräte wurden \
                     abgemeldet, und das Passwort gilt nicht mehr.",
                    moment(*at)
                ))
                .says("Nachrichten über das Konto gehen von nun an an die Adresse von vorher.")
                .closes(
                    "Wenn Sie nicht wissen, warum das geschehen ist, wenden Sie sich an die \
                     Betreiber dieses Dienstes.",
                )
        }
        Message::FormerEmail => {
            let subject = format!("Ein Konto bei {product} hatte bis vor Kurzem diese Adresse");
            Content::new(subject, hello())
                .says(
                    "Jemand, vielleicht Sie, wollte diese E-Mail-Adresse benutzen: um sich zu \
                     registrieren, um sie einem Konto zu geben, oder für ein neues Passwort.",
                )
                .says(
                    "Ein Konto hatte diese Adresse, bis sie geändert wurde. Wenn Sie das nicht \
                     waren, suchen Sie unsere Nachricht über diese Änderung: Sie enthält einen \
                     Link, der sie 7 Tage lang zurücknimmt. Wenn Sie es waren, melden Sie sich \
                     mit der neuen Adresse an.",
                )
                .closes(
                    "Bis die 7 Tage um sind, kann niemand sonst diese Adresse benutzen. Wenn Sie \
                     nichts angefordert haben, ist nichts zu tun.",
                )
        }
        Message::AccountLocked { username, until, link } => {
            Content::new(format!("Ihr Konto bei {product} ist eine Weile gesperrt"), to(username))
                .says(format!(
                    "Es gab zu viele fehlgeschlagene Anmeldungen bei Ihrem Konto. Zu seinem \
                     Schutz können sich neue Geräte bis {} nicht anmelden. Geräte, die sich \
                     schon einmal angemeldet haben, sind nicht betroffen.",
                    moment(*until)
                ))
                .asks(
                    "Konto entsperren",
                    link,
                    "Sie können warten oder dem Link folgen, um das Konto sofort zu entsperren."
                        .to_owned(),
                )
                .closes(
                    "Wenn Sie es nicht waren, ist nichts zu tun: So ist niemand hineingekommen, \
                     und die Sperre endet von selbst.",
                )
        }
        Message::AccountDeleted { username, at } => {
            Content::new(format!("Ihr Konto bei {product} wurde gelöscht"), to(username))
                .says(format!("Ihr Konto wurde am {} mit Ihrem Passwort gelöscht.", moment(*at)))
                .closes(
                    "Wenn Sie es nicht waren oder es zurückhaben wollen, wenden Sie sich bald an \
                     die Betreiber dieses Dienstes.",
                )
        }
        Message::SessionEndedForReuse { username, at } => {
            let subject = format!("{product} hat ein Gerät von Ihrem Konto abgemeldet");
            Content::new(subject, to(username))
                .says(format!(
                    "Ein Anmelde-Token Ihres Kontos wurde am {} ein zweites Mal benutzt. Das kann \
                     heißen, dass jemand es kopiert hat, deshalb haben wir das Gerät abgemeldet.",
                    moment(*at)
                ))
                .says("Melden Sie sich wieder an, um weiterzumachen.")
                .closes("Wenn Sie nicht wissen, warum das geschehen ist, ändern Sie Ihr Passwort.")
        }
        Message::ApiKeyCreated { username, key, at } => {
            let subject = format!("Ihr Konto bei {product} hat einen neuen API-Schlüssel");
            Content::new(subject, to(username))
                .says(format!(
                    "Der API-Schlüssel „{}“ Ihres Kontos wurde am {} erstellt. Programme, die \
                     ihn haben, handeln in Ihrem Namen, soweit er es erlaubt.",
                    inert(key),
                    moment(*at)
                ))
                .closes(KEY)
        }
        Message::ApiKeyRotated { username, key, at } => {
            let subject =
                format!("Ein API-Schlüssel von Ihnen bei {product} hat ein neues Geheimnis");
            Content::new(subject, to(username))
                .says(format!(
                    "Der API-Schlüssel „{}“ Ihres Kontos hat am {} ein neues Geheimnis \
                     bekommen.",
                    inert(key),
                    moment(*at)
                ))
                .closes(KEY)
        }
        Message::ApiKeyEnds { username, key, at } => {
            let subject = format!("Ein API-Schlüssel bei {product} endet in einer Woche");
            Content::new(subject, to(username))
                .says(format!(
                    "Der API-Schlüssel „{}“ endet am {}. Programme, die ihn haben, werden \
                     von da an abgewiesen.",
                    inert(key),
                    moment(*at)
                ))
                .says(
                    "Erneuern Sie ihn vorher, und geben Sie diesen Programmen das neue Geheimnis.",
                )
                .closes(
                    "Wenn Sie nicht wissen, wofür er da ist, lassen Sie ihn enden oder widerrufen \
                     Sie ihn jetzt.",
                )
        }
        Message::Invitation { organization, link, days } => {
            Content::new(format!("Sie sind zu {product} eingeladen"), hello())
                .says(format!(
                    "Sie sind zu „{}“ eingeladen. Folgen Sie dem Link, um ein Passwort zu \
                     wählen, und Ihr Konto ist bereit.",
                    inert(organization)
                ))
                .asks("Passwort wählen", link, works_once(*days, ["Tag", "Tage"]))
                .closes(
                    "Wenn Sie nicht wissen, warum Sie eingeladen sind, folgen Sie dem Link nicht: \
                     Ohne ihn geschieht nichts.",
                )
        }
    }
}

/// To the owner of a key that was issued, who may not know of it.
const KEY: &str = "Wenn Sie es waren, ist nichts zu tun. Wenn Sie es nicht waren, widerrufen Sie \
    den Schlüssel und ändern Sie sofort Ihr Passwort: Vielleicht benutzt jemand anderes Ihr \
    Konto.";

/// What stands below the button, and below everything.
pub(super) const BUTTON: &str =
    "Wenn der Knopf nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:";

pub(super) fn footer(product: &str) -> String {
    format!("{product} hat diese Nachricht automatisch verschickt; sie braucht keine Antwort.")
}

fn works_once(count: i64, [one, more]: [&str; 2]) -> String {
    let unit = if count == 1 { one } else { more };
    format!("Der Link funktioniert einmal und gilt {count} {unit}.")
}

/// A time for people: `24. November 2026, 09:30 UTC`.
pub(super) fn moment(at: Timestamp) -> String {
    const MONTHS: [&str; 12] = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    let number = at.strftime("%-m").to_string().parse::<usize>().unwrap_or(1);
    let month = MONTHS.get(number - 1).copied().unwrap_or_default();
    at.strftime(&format!("%-d. {month} %Y, %H:%M UTC")).to_string()
}
