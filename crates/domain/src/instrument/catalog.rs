//! Known instruments and their published norms. No item text: a practice that may use one has it from elsewhere.
//!
//! Version 1 of these never changes, since scores refer to it; better norms are a new version that a practice enters with its source.

use super::{Better, Instrument, Norms, Yardstick};

struct Known {
    slug: &'static str,
    name: &'static str,
    highest: f64,
    cut_off: f64,
    points: Option<f64>,
    source: &'static str,
}

const CSI: &str = "Funk, J. L., & Rogge, R. D. (2007). Journal of Family Psychology, 21(4), 572-583. Reliable change is withheld until \
                   the practice enters a standard deviation and a reliability with their source.";

const KNOWN: [Known; 5] = [
    Known {
        slug: "csi-32",
        name: "Couples Satisfaction Index, 32 items",
        highest: 161.0,
        cut_off: 104.5,
        points: None,
        source: CSI,
    },
    Known {
        slug: "csi-16",
        name: "Couples Satisfaction Index, 16 items",
        highest: 81.0,
        cut_off: 51.5,
        points: None,
        source: CSI,
    },
    Known {
        slug: "csi-4",
        name: "Couples Satisfaction Index, 4 items",
        highest: 21.0,
        cut_off: 13.5,
        points: None,
        source: CSI,
    },
    Known {
        slug: "rdas",
        name: "Revised Dyadic Adjustment Scale",
        highest: 69.0,
        cut_off: 47.31,
        points: Some(12.0),
        source: "Busby, D. M., et al. (1995), the scale. Anderson, S. R., et al. (2014), cut-off and reliable change: Journal of Marital \
                 and Family Therapy, 40(4), 525-534, doi:10.1111/jmft.12095.",
    },
    Known {
        slug: "couple-relationship-scale",
        name: "Couple Relationship Scale",
        highest: 100.0,
        cut_off: 70.9,
        points: Some(16.0),
        source: "Anderson, S. R., Johnson, L. N., Miller, R. B., & Barham, C. C., Journal of Marital and Family Therapy, \
                 doi:10.1111/jmft.12541.",
    },
];

impl Known {
    fn instrument(&self) -> Instrument {
        let norms = Norms {
            name: self.name.to_owned(),
            better: Better::Higher,
            lowest: 0.0,
            highest: self.highest,
            cut_off: Some(self.cut_off),
            yardstick: self.points.map(Yardstick::Points),
            source: self.source.to_owned(),
            licence: None,
            items: Vec::new(),
        };
        let slug = self.slug.to_owned();
        Instrument { id: None, slug, versions: vec![norms], archived_at: None, created_at: None, version: 1 }
    }
}

/// The instrument of this slug as the product ships it.
#[must_use]
pub fn shipped(slug: &str) -> Option<Instrument> {
    KNOWN.iter().find(|known| known.slug == slug).map(Known::instrument)
}

impl Instrument {
    /// Every instrument a practice has: the product's, with what the practice changed in them, and then its own.
    #[must_use]
    pub fn all(kept: Vec<Self>) -> Vec<Self> {
        let (changed, own): (Vec<_>, Vec<_>) = kept.into_iter().partition(|one| shipped(&one.slug).is_some());
        let known = KNOWN.iter().map(|known| {
            let kept = changed.iter().find(|one| one.slug == known.slug).cloned();
            kept.unwrap_or_else(|| known.instrument())
        });
        known.collect::<Vec<_>>().into_iter().chain(own).collect()
    }

    /// Whether the product ships it.
    #[must_use]
    pub fn is_shipped(&self) -> bool {
        KNOWN.iter().any(|known| known.slug == self.slug)
    }
}
