use unicode_script::Script;
use unicode_security::mixed_script::AugmentedScriptSet;

/// Scripts of which several letters pass for Latin ones. UTS 39 leaves out the first two.
const LIKE_LATIN: [Script; 3] = [Script::Cyrillic, Script::Greek, Script::Armenian];

/// Whether a text is at most "moderately restrictive" (UTS 39 §5.2): all of it is of one script,
/// of Latin beside what Chinese, Japanese or Korean are written in, or of Latin beside one script
/// that many people write today and that has no letters like Latin ones. Digits and signs are of
/// every script.
///
/// A text of one script may be of any: people are called in rare scripts, too.
pub(super) fn may_stand_together(text: &str) -> bool {
    let (mut all, mut beside_latin) =
        (AugmentedScriptSet::default(), AugmentedScriptSet::default());
    for set in text.chars().map(AugmentedScriptSet::for_char) {
        all.intersect_with(set);
        if !set.base.contains_script(Script::Latin) {
            beside_latin.intersect_with(set);
        }
    }
    let is_cjk = beside_latin.hanb || beside_latin.jpan || beside_latin.kore;
    let mut scripts = beside_latin.base.iter();
    let is_unlike = match (scripts.next(), scripts.next()) {
        (Some(script), None) => script.is_recommended() && !LIKE_LATIN.contains(&script),
        _ => false,
    };
    !all.is_empty() || is_cjk || is_unlike
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_script_or_latin_beside_one_that_is_unlike_it() {
        for one in [
            "ada.lovelace_1815",
            "иван-7",
            "Ελένη",
            "हिन्दी",
            "ไม้เอก",
            "\u{1c90}\u{1c91}",
            "\u{1e900}\u{1e901}",
            "山田たろうカナ",
            "ada山田たろう",
            "ada김철수金",
            "ada李ㄅㄆ",
            "Ọlájùmọ̀kẹ́",
            "हिन्दीa1",
            "ไม้เอกb2",
            "தமிழ்c3",
            "বাংলাদেশd4",
            "محمدe5",
            "ada\u{5d0}",
            "123",
            "...",
        ] {
            assert!(may_stand_together(one), "{one}");
        }
        for mixed in [
            "p\u{430}ypal",
            "Ελένηж",
            "adaλ",
            "한국어ひらがな",
            "иван山田",
            "ada\u{585}",
            "ada\u{5d0}\u{627}",
            "हिन्दीไม้เอก",
            "ㄅㄆたろう",
        ] {
            assert!(!may_stand_together(mixed), "{mixed}");
        }
    }
}
