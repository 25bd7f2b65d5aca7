//! The bytes a signature stands for: the same for the same note, on every machine and in every version of Tenfold.
//!
//! Each field is its length as eight bytes, big-endian, and then its bytes, so that no text can pass for two fields. The first field
//! names the layout; another layout needs another name. Instants are microseconds since 1970.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Digest, Note, Partition};
use crate::{
    confidential::Confidential,
    ids::{AddendumId, NoteId, StaffId},
};

impl Note {
    /// The canonical bytes of this text as signed by someone at an instant.
    #[must_use]
    pub fn canonical_bytes(&self, by: StaffId, at: DateTime<Utc>) -> Vec<u8> {
        let mut fields = Fields::of("tenfold note 1");
        fields.id(self.id).id(self.session).id(self.couple).id(self.author);
        match self.partition {
            Partition::Joint => fields.text("joint"),
            Partition::About(partner) => fields.text("about").id(partner),
        };
        fields.number(self.attended.len() as u64);
        self.attended.iter().for_each(|partner| {
            fields.id(*partner);
        });
        fields.text(self.body.format().as_str());
        for (name, text) in self.body.parts() {
            fields.text(name).text(text.expose());
        }
        fields.id(by).instant(at);
        fields.0
    }

    /// The canonical bytes of a signed note, for checking its digest again; `None` for a draft.
    #[must_use]
    pub fn signed_bytes(&self) -> Option<Vec<u8>> {
        self.signature().map(|signature| self.canonical_bytes(signature.by, signature.at))
    }

    /// The canonical bytes of each addendum in order, for checking their digests again.
    #[must_use]
    pub fn addenda_bytes(&self) -> Vec<Vec<u8>> {
        let first = self.signature().map(|signature| signature.digest);
        let earlier = first.into_iter().chain(self.addenda.iter().map(|addendum| addendum.signature.digest));
        let bytes = |(added, previous): (&super::Addendum, Digest)| {
            addendum(added.id, previous, &added.text, added.signature.by, added.signature.at)
        };
        self.addenda.iter().zip(earlier).map(bytes).collect()
    }

    /// The canonical bytes of the co-signature, for checking its digest again.
    #[must_use]
    pub fn cosignature_bytes(&self) -> Option<Vec<u8>> {
        let signed = self.signature()?.digest;
        self.cosignature.map(|given| cosignature(self.id, signed, given.by, given.at))
    }
}

pub(super) fn addendum(
    id: AddendumId,
    previous: Digest,
    text: &Confidential,
    by: StaffId,
    at: DateTime<Utc>,
) -> Vec<u8> {
    let mut fields = Fields::of("tenfold addendum 1");
    fields.id(id).bytes(&previous.0).text(text.expose()).id(by).instant(at);
    fields.0
}

pub(super) fn cosignature(note: NoteId, signed: Digest, by: StaffId, at: DateTime<Utc>) -> Vec<u8> {
    let mut fields = Fields::of("tenfold cosignature 1");
    fields.id(note).bytes(&signed.0).id(by).instant(at);
    fields.0
}

struct Fields(Vec<u8>);

impl Fields {
    fn of(layout: &str) -> Self {
        let mut fields = Self(Vec::new());
        fields.text(layout);
        fields
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    fn id(&mut self, id: impl Into<Uuid>) -> &mut Self {
        self.bytes(id.into().as_bytes())
    }

    fn number(&mut self, number: u64) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    fn instant(&mut self, at: DateTime<Utc>) -> &mut Self {
        self.bytes(&at.timestamp_micros().to_be_bytes())
    }
}
