use unicode_script::Script;
use unicode_security::mixed_script::AugmentedScriptSet;

/// Whether a text is at most "highly restrictive" (UTS 39 §5.2): all of it is of one script, or of
/// Latin beside what Chinese, Japanese or Korean are written in. Digits and signs are of every
/// script.
///
/// The standard's list of scripts for identifiers is left out: people are called in rare scripts,
/// too.
pub(super) fn is_of_one_writing_system(text: &str) -> bool {
    let (mut all, mut beside_latin) =
        (AugmentedScriptSet::default(), AugmentedScriptSet::default());
    for set in text.chars().map(AugmentedScriptSet::for_char) {
        all.intersect_with(set);
        if !set.base.contains_script(Script::Latin) {
            beside_latin.intersect_with(set);
        }
    }
    !all.is_empty() || beside_latin.hanb || beside_latin.jpan || beside_latin.kore
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_script_or_latin_beside_chinese_japanese_or_korean() {
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
            "123",
            "...",
        ] {
            assert!(is_of_one_writing_system(one), "{one}");
        }
        for mixed in [
            "p\u{430}ypal",
            "Ελένηж",
            "adaλ",
            "한국어ひらがな",
            "иван山田",
            "ada\u{5d0}",
            "ㄅㄆたろう",
        ] {
            assert!(!is_of_one_writing_system(mixed), "{mixed}");
        }
    }
}
