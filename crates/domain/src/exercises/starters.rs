//! The deck of conversation starters for exercise 5, in three depths.
//!
//! They are for couples whose trust was broken. None asks what happened, none asks to forgive, and none takes for granted how
//! anyone lives, loves or believes. An id stays when the wording changes: entries name it.

use std::borrow::Cow;

use validator::ValidationError;

use crate::vocabulary::word;

word! {
    /// How far a conversation starter goes.
    Depth as ("StarterDepth") {
        /// Everyday and warm: for beginning, and for coming back.
        Light = "light",
        /// What moves one, likes and wishes.
        Open = "open",
        /// What one hardly ever says.
        Deep = "deep",
    }
}

/// A question or an invitation to begin from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starter {
    /// Its name: small words joined by hyphens.
    pub id: &'static str,
    /// How far it goes.
    pub depth: Depth,
    /// What it says.
    pub text: &'static str,
}

/// The longest name of a starter, in characters.
pub const STARTER_ID_LENGTH: u64 = 40;

/// The whole deck, from light to deep.
#[must_use]
pub fn starters() -> &'static [Starter] {
    DECK
}

/// It is one of the deck.
pub(super) fn is_in_the_deck(id: &str) -> Result<(), ValidationError> {
    if DECK.iter().any(|starter| starter.id == id) {
        return Ok(());
    }
    let message = "must be the id of a conversation starter; the deck has them all";
    Err(ValidationError::new("unknown").with_message(Cow::Borrowed(message)))
}

const fn light(id: &'static str, text: &'static str) -> Starter {
    Starter { id, depth: Depth::Light, text }
}

const fn open(id: &'static str, text: &'static str) -> Starter {
    Starter { id, depth: Depth::Open, text }
}

const fn deep(id: &'static str, text: &'static str) -> Starter {
    Starter { id, depth: Depth::Deep, text }
}

const DECK: &[Starter] = &[
    light("first-laugh", "What is the first time you remember laughing together?"),
    light("good-smell", "Which smell makes you feel at home at once?"),
    light("slow-morning", "What would a slow morning look like, if it were all yours?"),
    light("song-on-repeat", "Which song could you hear three times in a row today?"),
    light("small-comfort", "What small thing comforts you after a long day?"),
    light("favorite-corner", "Where in your home do you like to be most, and why there?"),
    light("made-me-smile", "What made you smile this week, even for a moment?"),
    light("taste-of-before", "Which taste brings back a time you were happy?"),
    light("weather-inside", "If your mood today were weather, what would it be?"),
    light("hidden-talent", "What are you better at than people think?"),
    light("kind-stranger", "Tell about a stranger who was kind to you."),
    light("rainy-day", "What do you like to do when it rains and nobody needs you?"),
    light("good-walk", "Which walk would you like to take together again?"),
    light("old-nickname", "Tell the story of a nickname you once had, or would have liked."),
    light("best-meal", "Which meal that you shared would you order again tonight?"),
    light("small-luxury", "Which little luxury is worth every penny to you?"),
    light("quiet-or-crowd", "When do you like a crowd, and when do you need quiet?"),
    light("thing-i-keep", "Show something you have kept for years, and say why."),
    light("learning-wish", "What would you like to learn, with no need to be good at it?"),
    light("evening-sound", "Which sound do you like to hear in the evening?"),
    light("childhood-game", "Which game could you play for hours when you were small?"),
    light("proud-of-today", "What did you do today that you are a little proud of?"),
    light("funny-habit", "Which funny habit of yours should nobody ever take away?"),
    light("free-afternoon", "What would you do together with a free afternoon and no telephone?"),
    light("color-of-us", "Which color goes with the way today felt, and why that one?"),
    light("next-season", "What do you look forward to in the season that comes next?"),
    open("felt-close", "When did you last feel close to each other, even briefly?"),
    open("dear-habit", "Which habit of the other has grown dear to you?"),
    open("tired-of-hiding", "Which feeling do you often hide behind being busy?"),
    open("how-to-comfort", "How can someone tell that you need comfort, when you don't say it?"),
    open("learned-about-anger", "What did you learn about anger when you were growing up?"),
    open("asking-for-help", "What makes it hard for you to ask for help?"),
    open("heard-well", "When did you last feel that somebody really listened to you?"),
    open("silent-thanks", "Which thank-you have you thought lately and not said?"),
    open("brave-moment", "When were you braver than others noticed?"),
    open("changed-mind", "What have you changed your mind about in the last years?"),
    open("someone-missed", "Whom do you miss, and what would you tell them about today?"),
    open("safe-place", "Where do you feel safe, and what makes it so?"),
    open("rest-from", "What would you like to rest from for a while?"),
    open("what-calms", "What calms you when your thoughts go round in circles?"),
    open("wish-for-us", "What is one small thing you wish you did together more often?"),
    open("worry-small", "Which small worry have you carried around this week?"),
    open("feel-seen", "What can the other do in five minutes that makes you feel seen?"),
    open("words-needed", "Which words would do you good to hear now and then?"),
    open("apology-language", "How do you notice that somebody means what they say?"),
    open("after-an-argument", "What helps you find your way back after an argument?"),
    open("good-at-love", "Who showed you what caring for someone looks like?"),
    open("too-much", "When do you feel that you are too much, or not enough?"),
    open("own-pace", "Where do you need to go at your own pace?"),
    open("a-day-as-me", "What would surprise the other if they lived one day as you?"),
    open("dream-on-hold", "Which plan that you put aside still knocks at the door now and then?"),
    open("stand-by-me", "Tell about a time when someone stood by you."),
    deep("afraid-to-need", "What are you afraid to need from anyone?"),
    deep("younger-me", "What would you like to tell the person you were ten years ago?"),
    deep("when-i-withdraw", "What happens inside you when you withdraw?"),
    deep("hard-to-believe", "Which good thing about yourself do you find hard to believe?"),
    deep("unsaid-wish", "Which wish do you keep to yourself because it might be too big?"),
    deep("lonely-together", "When do you feel lonely, even when somebody is with you?"),
    deep("trust-in-small", "In which small thing have you begun to trust again, in anyone or anything?"),
    deep("fear-of-losing", "What are you most afraid to lose, and how does it show?"),
    deep("my-wall", "If you have a wall around you, what does it protect?"),
    deep("tears-held-back", "What do your tears want to say, shown or held back?"),
    deep("old-wound", "Which old hurt, from long before you met, is sometimes still in the room?"),
    deep("what-safe-means", "What does it mean to you to be safe with someone, in your own words?"),
    deep("shame-lighter", "What makes shame a little lighter for you?"),
    deep("to-be-known", "What would you like to be known for by those who love you?"),
    deep("where-i-soften", "What makes you soften, even when you would rather not?"),
    deep("grief-unspoken", "Is there something you grieve for that has no name or date?"),
    deep("ask-me-gently", "What would you like to be asked, gently and only once?"),
    deep("need-for-space", "What does your need for distance want to say?"),
    deep("hope-like-seed", "Where is your hope right now, and what does it need to grow?"),
    deep("strength-from-hurt", "What have hard times shown you about your own strength?"),
    deep("the-mask", "Which mask do you wear most often, and when may it come off?"),
    deep("limits-with-love", "Which limit of yours would you like to be respected without a reason?"),
    deep("worth-without-doing", "When do you feel loved without having to do anything for it?"),
    deep("future-picture", "What do you see when you allow yourself a picture of a good future?"),
    deep("held-how", "How would you like to be held, in words or in silence, on a bad day?"),
    deep("truth-about-me", "What is true about you that few people have ever heard?"),
];
